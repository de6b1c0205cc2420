import { QueryNotice, SuiteProvider, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { adminCommands } from '../commands/command-ids';
import { scopeSuite } from '../page/scope-suite';
import { useAdministered } from '../page/use-administered';

/** Section of the sidebar: what the person looks after, each a click away. */
export function AdministrationSection(): React.JSX.Element {
  const suite = useSuite();
  const outside = React.useMemo(() => scopeSuite(suite, ''), [suite]);
  return (
    <SuiteProvider value={outside}>
      <TenantLinks />
    </SuiteProvider>
  );
}

function TenantLinks(): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const known = useAdministered();
  const { data } = known;
  if (data === undefined) return <QueryNotice query={known} />;
  const open = (tab: string, tenant?: string): void => void commands.execute(adminCommands.open, { tab, ...(tenant === undefined ? {} : { tenant }) });
  return (
    <div className="jp-Strata-panel">
      <QueryNotice query={known} />
      <button className="jp-mod-styled" onClick={() => open(data.who.isAdministrator ? 'tenants' : 'members')}>
        {texts.__('Open administration')}
      </button>
      <h3>{texts.__('Tenants')}</h3>
      <ul className="jp-Strata-plainList">
        {data.tenants.map(({ name, displayName }) => (
          <li key={name} className="jp-Strata-row">
            <button className="jp-Strata-link" title={texts.__('Members of %1', displayName)} onClick={() => open('members', name)}>
              {displayName}
            </button>
            <span className="jp-Strata-spring" />
            <button className="jp-Strata-link" aria-label={texts.__('Quotas of %1', displayName)} onClick={() => open('quotas', name)}>
              {texts.__('Quotas')}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
