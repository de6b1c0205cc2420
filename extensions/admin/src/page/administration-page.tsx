import { adminIcon, EmptyState, SuiteProvider, Tabs, useSuite, QueryNotice, useTexts, type TabItem } from '@stratalab/lab-kit';
import * as React from 'react';
import { AccessKeysTab } from '../access-keys/access-keys-tab';
import { AuditTab } from '../audit/audit-tab';
import { MembersTab } from '../members/members-tab';
import { PoolTab } from '../pool/pool-tab';
import { ProfilesTab } from '../profiles/profiles-tab';
import { QuotasTab } from '../quotas/quotas-tab';
import { TenantsTab } from '../tenants/tenants-tab';
import { UsageTab } from '../usage/usage-tab';
import { isAdministrating } from './is-administrating';
import type { Place } from './place';
import { scopeSuite } from './scope-suite';
import { useAdministered, type Administered } from './use-administered';

export interface AdministrationPageProps {
  /** Where to begin; the first tenant and the first tab unless given. */
  readonly place?: Place;
  /** Called when the person goes somewhere else on the page. */
  readonly onPlace?: (place: Place) => void;
}

/** Tenants, pool, profiles, members, quotas, usage, access keys and audit of what the signed-in person looks after. */
export function AdministrationPage(props: AdministrationPageProps): React.JSX.Element {
  const suite = useSuite();
  const outside = React.useMemo(() => scopeSuite(suite, ''), [suite]);
  return (
    <SuiteProvider value={outside}>
      <Administration {...props} suite={suite} />
    </SuiteProvider>
  );
}

function Administration({ place, onPlace, suite }: AdministrationPageProps & { readonly suite: ReturnType<typeof useSuite> }): React.JSX.Element {
  const texts = useTexts();
  const known = useAdministered();
  const [at, setAt] = React.useState<Place>(place ?? {});
  const [jumps, setJumps] = React.useState(0);
  // A tenant that was made a moment ago is not in the list yet; without its name the page would be about another one until the list arrives.
  const [awaited, setAwaited] = React.useState<string>();
  React.useEffect(() => setAwaited(undefined), [known.data]);
  const go = (next: Place): void => {
    setAt(next);
    onPlace?.(next);
  };
  const jump = (next: Place): void => {
    setJumps(count => count + 1);
    setAwaited(next.tenant);
    go(next);
  };
  if (known.data === undefined) return <QueryNotice query={known} />;
  const { who, tenants } = known.data;
  if (!isAdministrating(who)) return <EmptyState text={texts.__('You do not look after any tenant. Ask an administrator for the role admin.')} />;
  const listed = tenants.find(({ name }) => name === at.tenant)?.name;
  const tenant = listed ?? awaited ?? tenants[0]?.name;
  return (
    <div className="jp-Strata-page jp-Strata-administration">
      <header className="jp-Strata-row">
        <adminIcon.react tag="span" width="20px" height="20px" />
        <h2>{texts.__('Administration')}</h2>
        <span className="jp-Strata-spring" />
        {tenant !== undefined && (listed ?? tenants[0]?.name) === tenant && <TenantSelect tenants={tenants} tenant={tenant} onTenant={name => go({ ...at, tenant: name })} />}
      </header>
      <QueryNotice query={known} />
      <ScopedTabs key={`${tenant ?? ''} ${jumps}`} suite={suite} known={known.data} tenant={tenant} place={at} onPlace={go} onJump={jump} onChanged={known.reload} />
    </div>
  );
}

interface TenantSelectProps {
  readonly tenants: Administered['tenants'];
  readonly tenant: string;
  readonly onTenant: (name: string) => void;
}

function TenantSelect({ tenants, tenant, onTenant }: TenantSelectProps): React.JSX.Element {
  const texts = useTexts();
  return (
    <label className="jp-Strata-row">
      {texts.__('Tenant')}
      <select className="jp-mod-styled" value={tenant} onChange={event => onTenant(event.target.value)}>
        {tenants.map(({ name, displayName }) => (
          <option key={name} value={name}>
            {displayName === name ? name : `${displayName} (${name})`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ScopedTabsProps {
  readonly suite: ReturnType<typeof useSuite>;
  readonly known: Administered;
  readonly tenant: string | undefined;
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  /** Goes somewhere the person did not click: another tab opens. */
  readonly onJump: (place: Place) => void;
  readonly onChanged: () => void;
}

/** The tabs, about one tenant; another tenant is another set of tabs, so nothing of the last one stays on the screen. */
function ScopedTabs({ suite, known, tenant, place, onPlace, onJump, onChanged }: ScopedTabsProps): React.JSX.Element {
  const texts = useTexts();
  const scoped = React.useMemo(() => scopeSuite(suite, tenant ?? ''), [suite, tenant]);
  const { isAdministrator } = known.who;
  const ofInstallation: readonly TabItem[] = [
    {
      id: 'tenants',
      label: texts.__('Tenants'),
      count: known.tenants.length,
      render: () => <TenantsTab onChanged={onChanged} onManage={name => onJump({ tenant: name, tab: 'members' })} />
    },
    { id: 'pool', label: texts.__('Pool'), render: () => <PoolTab /> },
    { id: 'profiles', label: texts.__('Profiles'), render: () => <ProfilesTab tenants={known.tenants.filter(({ state }) => state !== 'deleting').map(({ name }) => name)} /> }
  ];
  const ofTenant: readonly TabItem[] =
    tenant === undefined
      ? []
      : [
          { id: 'members', label: texts.__('Members'), render: () => <MembersTab tenant={tenant} /> },
          { id: 'quotas', label: texts.__('Quotas'), render: () => <QuotasTab tenant={tenant} isEditable={isAdministrator} /> },
          { id: 'usage', label: texts.__('Usage'), render: () => <UsageTab tenant={tenant} /> },
          { id: 'access-keys', label: texts.__('Access keys'), render: () => <AccessKeysTab tenant={tenant} who={known.who} /> },
          { id: 'audit', label: texts.__('Audit'), render: () => <AuditTab tenant={tenant} isInstallationOffered={isAdministrator} /> }
        ];
  return (
    <SuiteProvider value={scoped}>
      <Tabs
        items={isAdministrator ? [...ofInstallation, ...ofTenant] : ofTenant}
        label={texts.__('Administration')}
        initial={place.tab}
        onOpen={tab => onPlace({ ...place, tab })}
      />
    </SuiteProvider>
  );
}
