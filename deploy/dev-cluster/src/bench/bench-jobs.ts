import type { ClusterClient, Site } from '@stratalab/job-runtime-kubernetes';
import { newId, type JobStart } from '@stratalab/kernel';
import { makePlace, plainSite } from '../tenancy/plain-place.ts';

export const placeOf = (tenant: string): string => `bench-${tenant}`;

/** Jobs of a benchmark run on simulated nodes; their pods end as soon as they run, unless told how long they take. */
export function benchSite(dataFolder: string): Site {
  return {
    ...{ image: 'localhost/simulated:1', claimName: 'stratalab-data', dataFolder, user: { uid: 1000, gid: 1000 }, namespaceOf: placeOf, queueOf: placeOf },
    pod: { nodeSelector: { type: 'kwok' }, tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists', effect: 'NoSchedule' }] }
  };
}

/** One small process that asks for a tenth of a core. */
export function benchJob(tenant: string): JobStart {
  return {
    ...{ tenant, jobId: newId(), attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code: '', arguments: [], environment: {} },
    ...{ token: 'none', mounts: [], outputs: [], perProcess: { cpu: 0.1, memoryMiB: 64, gpu: 0 } }
  };
}

/** The place of a tenant without limits. */
export async function makeBenchPlace(client: ClusterClient, tenant: string): Promise<void> {
  const site = plainSite('/', { namespaceOf: placeOf, parentQueue: 'bench' });
  await makePlace(client, site, tenant, { cpu: null, memoryMiB: null, gpu: null, jobs: 100_000, workspaces: null });
}
