import { servingRoutes, type Endpoint } from '@stratalab/contracts/serving';
import { useQuery, useSuite, type QueryState } from '@stratalab/lab-kit';
import * as React from 'react';

/** Chat endpoints of a tenant, those that answer first. */
export function useEndpoints(tenant: string): QueryState<readonly Endpoint[]> {
  const { stratalab } = useSuite();
  const serving = React.useMemo(() => stratalab.clientFor(servingRoutes), [stratalab]);
  return useQuery(
    `chat-endpoints ${tenant}`,
    async (_chosen, signal) => {
      const { items } = await serving.listEndpoints({ params: { tenant } }, { signal });
      return items.filter(({ kind }) => kind === 'chat').sort((a, b) => Number(b.isReady) - Number(a.isReady) || a.name.localeCompare(b.name));
    },
    { refreshOn: ['deployment.'] }
  );
}
