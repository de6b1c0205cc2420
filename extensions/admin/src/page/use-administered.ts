import type { Tenant, WhoAmI } from '@stratalab/contracts/control';
import { useQuery, useSuite, type QueryState } from '@stratalab/lab-kit';
import { useControl } from './use-control';

export interface Administered {
  readonly who: WhoAmI;
  /** Tenants the person may look after, by name. */
  readonly tenants: readonly Pick<Tenant, 'name' | 'displayName' | 'isSample' | 'state'>[];
}

const pageSize = 200;

/** Who is signed in, and what they look after: everything for administrators of the installation, else the tenants whose admin they are. */
export function useAdministered(): QueryState<Administered> {
  const { stratalab } = useSuite();
  const control = useControl();
  return useQuery('administered', async (_tenant, signal) => {
    const who = await stratalab.whoAmI();
    if (!who.isAdministrator) return { who, tenants: who.tenants.filter(({ role }) => role === 'admin').map(tenant => ({ ...tenant, isSample: false, state: 'active' as const })) };
    const { items } = await control.listTenants({ query: { limit: pageSize } }, { signal });
    return { who, tenants: items };
  });
}
