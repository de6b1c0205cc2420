import { QueryNotice, shellCommands, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { Quotas } from './quotas';
import { roleName } from './resource-names';

/** First section of the sidebar: the tenant this tab works in, the user's role there, and what is left of its quotas. */
export function OverviewSection(): React.JSX.Element {
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
  const { stratalab, commands } = useSuite();
  const texts = useTexts();
  const me = useQuery('whoami', async tenant => ({ who: await stratalab.whoAmI(), tenant }));
  if (me.data === undefined) return <QueryNotice query={me} />;
  const { who, tenant } = me.data;
  const current = who.tenants.find(candidate => candidate.name === tenant);
  return (
    <div className="jp-Strata-identity">
      <QueryNotice query={me} />
      <label>
        <span>{texts.__('Tenant')}</span>
        <select className="jp-mod-styled" value={tenant} onChange={event => void commands.execute(shellCommands.chooseTenant, { tenant: event.target.value })}>
          {who.tenants.map(({ name, displayName }) => (
            <option key={name} value={name}>
              {displayName}
            </option>
          ))}
        </select>
      </label>
      <p data-testid="stratalab-identity">{texts.__('Signed in as %1, %2 of this tenant', who.subject, roleName(current?.role ?? '', texts))}</p>
      <button className="jp-Strata-link" onClick={() => void commands.execute(shellCommands.openTenant)}>
        {texts.__('Open the page of this tenant')}
      </button>
    </div>
  );
}
