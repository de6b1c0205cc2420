import { controlRoutes } from '@stratalab/contracts/control';
import { Meter, ProblemNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** Sidebar: the tenant this tab works in, the user's role there, and what is left of its quotas. */
export function HomePanel(): React.JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-Strata-panel">
      <TenantChoice />
      <h3>{texts.__('Quotas')}</h3>
      <Quotas />
    </div>
  );
}

function TenantChoice(): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const me = useQuery('whoami', async tenant => ({ who: await stratalab.whoAmI(), tenant }));
  if (me.problem !== undefined) return <ProblemNotice problem={me.problem} onRetry={me.reload} />;
  if (me.data === undefined) return <div className="jp-Strata-skeleton" aria-busy="true" />;
  const { who, tenant } = me.data;
  const current = who.tenants.find(candidate => candidate.name === tenant);
  return (
    <div className="jp-Strata-identity">
      <label>
        <span>{texts.__('Tenant')}</span>
        <select className="jp-mod-styled" value={tenant} onChange={event => stratalab.chooseTenant(event.target.value)}>
          {who.tenants.map(({ name, displayName }) => (
            <option key={name} value={name}>
              {displayName}
            </option>
          ))}
        </select>
      </label>
      <p data-testid="stratalab-identity">{texts.__('Signed in as %1, %2 of this tenant', who.subject, current?.role ?? '')}</p>
    </div>
  );
}

function Quotas(): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const control = React.useMemo(() => stratalab.clientFor(controlRoutes), [stratalab]);
  const quotas = useQuery('quotas', (tenant, signal) => control.getQuotas({ params: { tenant } }, { signal }), { refreshOn: ['quota.', 'job.', 'deployment.'] });
  if (quotas.problem !== undefined) return <ProblemNotice problem={quotas.problem} onRetry={quotas.reload} />;
  if (quotas.data === undefined) return <div className="jp-Strata-skeleton" aria-busy="true" />;
  const names: Readonly<Record<string, string>> = {
    cpu: texts.__('CPU'),
    'memory-mib': texts.__('Memory'),
    gpu: texts.__('GPU'),
    'storage-mib': texts.__('Storage'),
    jobs: texts.__('Jobs at once'),
    workspaces: texts.__('Workspaces at once'),
    'tokens-per-day': texts.__('Tokens per day')
  };
  return (
    <div data-testid="stratalab-quotas">
      {quotas.data.items.map(({ resource, ...amounts }) => (
        <Meter key={resource} label={names[resource] ?? resource} {...amounts} />
      ))}
    </div>
  );
}
