import { ApiException, type KubernetesObject } from '@kubernetes/client-node';
import type { JobRuntime } from '@stratalab/kernel';
import type { ClusterClient } from './cluster-client.ts';
import type { Site } from './site.ts';

/**
 * In the place of a closed tenant everything goes by itself, and among the first things the right to end or remove something there: being refused that is no failure
 * while the namespace goes or is gone. What is left is seen by the next look.
 */
export function withGoingPlaces<Runtime extends JobRuntime>(client: Pick<ClusterClient, 'read'>, site: Pick<Site, 'namespaceOf'>, runtime: Runtime): Runtime {
  const unlessGoing = async <T>(tenant: string, work: Promise<T>, instead: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ApiException) || error.code !== 403 || !(await isGoing(client, site.namespaceOf(tenant)))) throw error;
      return instead;
    }
  };
  return {
    ...runtime,
    cancel: (attempt, options) => unlessGoing(attempt.tenant, runtime.cancel(attempt, options), undefined),
    tidy: attempt => unlessGoing(attempt.tenant, runtime.tidy(attempt), undefined),
    remove: job => unlessGoing(job.tenant, runtime.remove(job), false)
  };
}

async function isGoing(client: Pick<ClusterClient, 'read'>, name: string): Promise<boolean> {
  const namespace = await client.read<KubernetesObject>({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return namespace === undefined || namespace.metadata?.deletionTimestamp !== undefined;
}
