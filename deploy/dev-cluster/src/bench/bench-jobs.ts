import type { KubernetesObject } from '@kubernetes/client-node';
import { tenantBundle, tenantVolume, type ClusterClient, type Site } from '@stratalab/job-runtime-kubernetes';
import { newId, type JobStart } from '@stratalab/kernel';

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

/** Namespace, queue without a limit, and volume of a tenant. */
export async function makePlace(client: ClusterClient, tenant: string): Promise<void> {
  const place = placeOf(tenant);
  const parent = { apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'Queue', metadata: { name: 'bench' }, spec: { parent: 'root', weight: 1, reclaimable: true } };
  await client.apply(parent);
  const bundle = tenantBundle({
    ...{ tenant, namespace: place, queue: place, parentQueue: 'bench', gpuResource: 'nvidia.com/gpu', podSecurity: 'restricted' },
    limits: { cpu: null, memoryMiB: null, gpu: null, pods: 1_000_000 },
    platformNamespaceLabels: { 'stratalab.dev/platform': 'true' }
  });
  const volume = tenantVolume({ tenant: place, namespace: place, claimName: 'stratalab-data', source: { hostPath: { path: '/' } }, capacity: '1Gi' });
  for (const object of [...bundle, ...volume] satisfies readonly KubernetesObject[]) await client.apply(object);
}
