import type { Tenant } from '@stratalab/contracts/control';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

export interface Steps {
  readonly close: (tenant: Tenant) => void;
  readonly reopen: (tenant: Tenant) => void;
  readonly remove: (tenant: Tenant) => void;
}

/** What can be done with a tenant as a whole: an open one is closed; a closed one is opened again or deleted for good. */
export function TenantSteps({ tenant, steps }: { readonly tenant: Tenant; readonly steps: Steps }): React.JSX.Element | null {
  const texts = useTexts();
  if (tenant.state === 'deleting') return null;
  if (tenant.state === 'active') {
    return (
      <button className="jp-Strata-link" aria-label={texts.__('Close the tenant %1', tenant.name)} onClick={() => steps.close(tenant)}>
        {texts.__('Close…')}
      </button>
    );
  }
  return (
    <span className="jp-Strata-row">
      <button className="jp-Strata-link" aria-label={texts.__('Open the tenant %1 again', tenant.name)} onClick={() => steps.reopen(tenant)}>
        {texts.__('Open again')}
      </button>
      <button className="jp-Strata-link" aria-label={texts.__('Delete the tenant %1 for good', tenant.name)} onClick={() => steps.remove(tenant)}>
        {texts.__('Delete for good…')}
      </button>
    </span>
  );
}
