import type { PlaceRepair } from '@stratalab/contracts/control';
import { TimeAgo, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useControl } from '../page/use-control';

const shownRepairs = 10;

/** The tenant's place on the cluster, where there is one: does it follow the limits, and what others changed there that was put back. */
export function ClusterPlace({ tenant }: { readonly tenant: string }): React.JSX.Element | null {
  const texts = useTexts();
  const control = useControl();
  const place = useQuery(`place ${tenant}`, (_tenant, signal) => control.getTenantPlace({ params: { tenant } }, { signal }), { refreshOn: ['tenant.', 'quota.'] });
  // Unknown is nothing to say: the quotas above are what this tab is about.
  if (place.data?.isOnCluster !== true) return null;
  const { checkedAt, problem, repairs, foreignObjects } = place.data;
  return (
    <section aria-label={texts.__('On the cluster')}>
      <h3>{texts.__('On the cluster')}</h3>
      {problem !== null && (
        <p role="alert" className="jp-Strata-warning">
          {texts.__('The place of this tenant does not follow its limits: %1', problem)}
        </p>
      )}
      {foreignObjects.length > 0 && (
        <p role="alert" className="jp-Strata-warning">
          {texts.__('Objects of others may open what is closed here; they were left alone: %1', foreignObjects.join(', '))}
        </p>
      )}
      <p className="jp-Strata-caption">
        {checkedAt === null ? texts.__('It is being made.') : texts.__('Namespace, queue and walls follow these limits. Last looked at:')}{' '}
        {checkedAt !== null && <TimeAgo time={checkedAt} />}
      </p>
      {repairs.length > 0 && (
        <>
          <p>{texts.__('What others changed, and what was put back:')}</p>
          <ul>
            {repairs.slice(0, shownRepairs).map(repair => (
              <li key={`${repair.time} ${repair.object}`}>
                <Repair repair={repair} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Repair({ repair }: { readonly repair: PlaceRepair }): React.JSX.Element {
  const texts = useTexts();
  return (
    <>
      <code>{repair.object}</code> {repair.change === 'missing' ? texts.__('was removed and made again') : texts.__('was changed and put back: %1', repair.fields.join(', '))} ·{' '}
      <TimeAgo time={repair.time} />
    </>
  );
}
