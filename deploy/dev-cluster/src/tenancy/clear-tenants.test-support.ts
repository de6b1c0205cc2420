import { afterAll, describe } from '@jest/globals';
import { until, type Cluster } from '../cluster.ts';

/** Names of what suites make; the one tenant of the examples stays. */
const ours = /^(?!tenant-a$)(stratalab|tenant|chart|waiting)/;
const clusterWide = ['clusterrolebindings', 'clusterroles', 'validatingadmissionpolicybindings', 'validatingadmissionpolicies', 'priorityclasses'];

/** Runs a suite on a cluster without tenants and rights of the platform: several suites make the same tenant, each in its own way. */
export function alone(cluster: () => Cluster, suite: () => void): void {
  describe('by itself', () => {
    suite();
    afterAll(() => clearTenants(cluster()), 240_000);
  });
}

/** Takes away every tenant's place and everything of the platform; pods are not waited for. */
async function clearTenants(cluster: Cluster): Promise<void> {
  const names = async (kind: string): Promise<readonly string[]> =>
    (await cluster.kubectl(['get', kind, '-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'])).split('\n').filter(name => ours.test(name));
  const remove = async (kind: string, found: readonly string[], ...how: string[]): Promise<void> => {
    if (found.length > 0) await cluster.kubectl(['delete', kind, ...found, '--ignore-not-found', '--wait=false', ...how]);
  };
  const namespaces = await names('namespaces');
  await remove('namespaces', namespaces);
  for (const namespace of namespaces) await cluster.tryKubectl(['-n', namespace, 'delete', 'pods', '--all', '--force', '--grace-period=0', '--wait=false']);
  await until('The end of the namespaces of tenants', async () => (await names('namespaces')).length === 0, 120_000);
  for (const kind of clusterWide) await remove(kind, await names(kind));
  await remove('persistentvolumes', await names('persistentvolumes'));
  await until('The end of the volumes of tenants', async () => (await names('persistentvolumes')).length === 0, 60_000);
  // Queues with children, or with jobs that a controller still counts, stay until those are gone.
  const areQueuesGone = async (): Promise<boolean> => {
    const found = await names('queues.scheduling.volcano.sh');
    for (const queue of [...found].sort((a, b) => Number(a === 'tenants') - Number(b === 'tenants'))) await cluster.tryKubectl(['delete', 'queue', queue, '--wait=false']);
    return found.length === 0;
  };
  await until('The end of the queues of tenants', areQueuesGone, 60_000);
}
