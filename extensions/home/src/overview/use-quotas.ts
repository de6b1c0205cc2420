import { controlRoutes, type Quota } from '@stratalab/contracts/control';
import { useQuery, useSuite, type QueryState } from '@stratalab/lab-kit';
import * as React from 'react';

/** Quotas of the chosen tenant, fresh after everything that uses or frees some. */
export function useQuotas(): QueryState<{ readonly items: readonly Quota[] }> {
  const { stratalab } = useSuite();
  const control = React.useMemo(() => stratalab.clientFor(controlRoutes), [stratalab]);
  return useQuery('quotas', (tenant, signal) => control.getQuotas({ params: { tenant } }, { signal }), { refreshOn: ['quota.', 'job.', 'deployment.', 'dataset.'] });
}

/** The quota that is nearest to its limit; undefined when nothing is limited. */
export function fullestQuota(quotas: readonly Quota[]): Quota | undefined {
  const share = ({ limit, used, reserved }: Quota): number => (limit === null ? -1 : limit === 0 ? 0 : (used + reserved) / limit);
  const limited = quotas.filter(({ limit }) => limit !== null);
  return limited.reduce<Quota | undefined>((fullest, quota) => (fullest === undefined || share(quota) > share(fullest) ? quota : fullest), undefined);
}
