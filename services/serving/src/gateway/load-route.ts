import type { Database, ModelRuntime } from '@stratalab/kernel';
import { findDeployment } from '../store/deployment-store.ts';
import { listReplicas } from '../store/replica-store.ts';
import type { Route, RoutedReplica } from './route.ts';

/** Reads an endpoint with the addresses of its ready replicas; `undefined` when there is no such endpoint. */
export async function loadRoute(parts: { readonly database: Database; readonly runtime: ModelRuntime }, tenant: string, name: string): Promise<Route | undefined> {
  const found = await parts.database.inTenant({ tenant, isReadOnly: true }, async tx => {
    const deployment = await findDeployment(tx, tenant, name);
    return deployment === undefined ? undefined : { deployment, replicas: await listReplicas(tx, [deployment.id]) };
  });
  if (found === undefined) return undefined;
  const { deployment } = found;
  const ready = await Promise.all(
    found.replicas
      .filter(replica => replica.phase === 'ready')
      .map(async (replica): Promise<readonly RoutedReplica[]> => {
        const address = await parts.runtime.address(replica.id);
        return address === undefined ? [] : [{ id: replica.id, address }];
      })
  );
  return {
    tenant,
    name,
    kind: deployment.kind,
    state: deployment.state,
    message: deployment.message,
    contextTokens: deployment.context_tokens,
    parallel: deployment.parallel,
    replicas: ready.flat(),
    createdAt: deployment.created_at
  };
}
