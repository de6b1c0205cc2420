import { EmptyState, ProblemNotice, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import type { Tenant } from '@stratalab/contracts/control';
import * as React from 'react';
import { useAction } from '../page/use-action';
import { useControl } from '../page/use-control';
import { CreateTenant } from './create-tenant';
import { closeTenant } from './close-tenant';
import { deleteTenant } from './delete-tenant';
import { TenantSteps, type Steps } from './tenant-steps';

const pageSize = 100;

/** Every tenant of the installation: make one, look after one, delete one. */
export function TenantsTab({ onManage, onChanged }: { readonly onManage: (name: string) => void; readonly onChanged: () => void }): React.JSX.Element {
  const texts = useTexts();
  const suite = useSuite();
  const control = useControl();
  const deletion = useAction();
  const [isCreating, setCreating] = React.useState(false);
  const pages = usePages<Tenant>('tenants', ({ cursor, signal }) => control.listTenants({ query: { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }, { signal }));
  const changed = (): void => {
    pages.reload();
    onChanged();
  };
  const afterwards = (work: () => Promise<boolean>): void => void deletion.run(() => work().then(isDone => isDone && changed()));
  const remove = (tenant: Tenant): void => afterwards(() => deleteTenant(control, tenant, suite.translator));
  const steps: Steps = {
    close: tenant => afterwards(() => closeTenant(control, tenant, suite.translator)),
    reopen: tenant => afterwards(() => control.reopenTenant({ params: { tenant: tenant.name } }).then(() => true)),
    remove
  };
  const sample = pages.rows.find(({ isSample, state }) => isSample && state === 'active');
  return (
    <div className="jp-Strata-adminTab">
      <div className="jp-Strata-row">
        {!isCreating && (
          <button className="jp-mod-styled jp-mod-accept" onClick={() => setCreating(true)}>
            {texts.__('Create a tenant')}
          </button>
        )}
        {sample !== undefined && (
          <button className="jp-mod-styled" disabled={deletion.isBusy} onClick={() => remove(sample)}>
            {texts.__('Remove the sample tenant')}
          </button>
        )}
      </div>
      {isCreating && (
        <CreateTenant
          onClose={() => setCreating(false)}
          onCreated={name => {
            changed();
            onManage(name);
          }}
        />
      )}
      {deletion.problem !== undefined && <ProblemNotice problem={deletion.problem} />}
      <VirtualTable
        label={texts.__('Tenants')}
        columns={useColumns(steps, onManage)}
        pages={pages}
        rowKey={tenant => tenant.name}
        onOpen={tenant => onManage(tenant.name)}
        empty={
          <EmptyState
            text={texts.__('There is no tenant yet. People work in tenants: create the first one.')}
            {...(isCreating ? {} : { action: { label: texts.__('Create a tenant'), onClick: () => setCreating(true) } })}
          />
        }
      />
    </div>
  );
}

function useColumns(steps: Steps, onManage: (name: string) => void): readonly Column<Tenant>[] {
  const texts = useTexts();
  const states = { active: texts.__('Active'), closed: texts.__('Closed'), deleting: texts.__('Deleting') };
  const state = (tenant: Tenant): string => states[tenant.state];
  return [
    {
      id: 'name',
      label: texts.__('Name'),
      width: 140,
      text: tenant => tenant.name,
      render: tenant => (
        <button className="jp-Strata-link" onClick={() => onManage(tenant.name)}>
          {tenant.name}
        </button>
      )
    },
    { id: 'display-name', label: texts.__('Shown as'), width: 160, text: tenant => (tenant.isSample ? texts.__('%1 (sample)', tenant.displayName) : tenant.displayName) },
    { id: 'state', label: texts.__('State'), width: 110, text: state, render: tenant => <StatusChip tone={tenant.state === 'active' ? 'good' : 'warn'} label={state(tenant)} /> },
    { id: 'created', label: texts.__('Created'), width: 110, text: tenant => tenant.createdAt, render: tenant => <TimeAgo time={tenant.createdAt} /> },
    {
      id: 'steps',
      label: texts.__('Actions'),
      width: 190,
      text: () => '',
      render: tenant => <TenantSteps tenant={tenant} steps={steps} />
    }
  ];
}
