import type { Quota } from '@stratalab/contracts/control';
import { QueryNotice, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useControl } from '../page/use-control';
import { ClusterPlace } from './cluster-place';
import { QuotaRow } from './quota-row';
import { Refusals } from './refusals';

/** Limits of a tenant with what is used and reserved, and what they refused lately. */
export function QuotasTab({ tenant, isEditable }: { readonly tenant: string; readonly isEditable: boolean }): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const quotas = useQuery(`quotas ${tenant}`, (_tenant, signal) => control.getQuotas({ params: { tenant } }, { signal }), {
    refreshOn: ['quota.', 'job.', 'deployment.', 'dataset.']
  });
  if (quotas.data === undefined) return <QueryNotice query={quotas} />;
  const save = async (resource: Quota['resource'], limit: number | null): Promise<void> => {
    await control.setQuota({ params: { tenant, resource }, body: { limit } });
    quotas.reload();
  };
  return (
    <div className="jp-Strata-adminTab">
      <QueryNotice query={quotas} />
      <p className="jp-Strata-caption">
        {isEditable
          ? texts.__('A limit holds from the next workspace, job or deployment on; nothing that runs is stopped.')
          : texts.__('Limits are set by administrators of the installation.')}
      </p>
      <div className="jp-Strata-quotas">
        {quotas.data.items.map(quota => (
          <QuotaRow key={quota.resource} quota={quota} isEditable={isEditable} onSave={limit => save(quota.resource, limit)} />
        ))}
      </div>
      <Refusals tenant={tenant} />
      <ClusterPlace tenant={tenant} />
    </div>
  );
}
