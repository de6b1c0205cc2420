import type { Client } from '@stratalab/client';
import type { computeRoutes } from '@stratalab/contracts/compute';
import { lazyClient, type SuiteContext } from '@stratalab/lab-kit';

/** Typed functions for the routes of compute, for code that is loaded with Lab; the contract comes with the first call. */
export function lazyCompute(suite: Pick<SuiteContext, 'stratalab'>): Client<typeof computeRoutes> {
  return lazyClient(suite.stratalab, () => import('@stratalab/contracts/compute').then(contract => contract.computeRoutes));
}
