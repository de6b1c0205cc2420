import type { KubeConfig } from '@kubernetes/client-node';
import { createClusterWatch, type ClusterWatch } from '@stratalab/cluster-watch';
import { compute } from '@stratalab/compute';
import { computeRoutes } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { control } from '@stratalab/control';
import { createClusterClient, createKubernetesJobRuntime, createWatchedClient, jobChanges, jobKinds } from '@stratalab/job-runtime-kubernetes';
import { createLogger, createMetrics, mountService, type JobRuntime } from '@stratalab/kernel';
import { createTestHost, createTenant, fakeControlPorts, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import { benchSite, makeBenchPlace, placeOf } from './bench-jobs.ts';
import { followGangs, type GangTimes } from './follow-gangs.ts';

export interface OurPath {
  readonly host: TestHost;
  readonly watch: ClusterWatch;
  readonly gangs: GangTimes;
  readonly tenant: string;
  /** @returns the id of the job */
  submit(): Promise<string>;
  close(): Promise<void>;
}

/** More than any benchmark asks for. */
const machine = { cpuCount: 1_000_000, memoryMiB: 1_000_000_000, gpuCount: 1_000 };

const unlimited = ['jobs', 'cpu', 'memory-mib', 'gpu'] as const;

/** The product's path to the cluster, whole: API, queue, quota, reconciler, database, runtime and watch, in this process. */
export async function openOurPath(kubeConfig: KubeConfig, tenant: string, dataFolder: string): Promise<OurPath> {
  const client = createClusterClient(kubeConfig);
  await makeBenchPlace(client, tenant);
  const site = benchSite(dataFolder);
  const stop = new AbortController();
  const watch = createClusterWatch({ kubeConfig, kinds: jobKinds({ hasRay: false }), logger: createLogger({ level: 'silent', service: 'bench' }), metrics: createMetrics() });
  const watching = watch.run(stop.signal);
  await waitFor(() => jobKinds({ hasRay: false }).every(({ name }) => watch.view(name).isFresh), 60_000);
  const gangs = followGangs(watch, placeOf(tenant));
  const runtime: JobRuntime = { ...createKubernetesJobRuntime(createWatchedClient(client, watch), site), changes: jobChanges(watch, site) };
  const host = await createTestHost({
    services: [mountService(control, { ...fakeControlPorts(), machine }), mountService(compute, { runtime, platformUrl: 'http://127.0.0.1:9' })],
    isBackgroundRunning: true
  });
  await createTenant(host, tenant);
  // As the place on the cluster: what is measured is the way through, not a quota.
  const administrator = host.clientFor(controlRoutes, testActor({ subject: 'root', isAdministrator: true }));
  for (const resource of unlimited) await administrator.setQuota({ params: { tenant, resource }, body: { limit: null } });
  const jobs = host.clientFor(computeRoutes, testActor({ subject: 'ann', tenants: { [tenant]: 'editor' } }));
  const body = { name: 'bench', code: { kind: 'script', text: 'pass' }, resourcesPerProcess: { cpu: 0.1, memoryMiB: 64, gpu: 0 } } as const;
  return {
    ...{ host, watch, gangs, tenant },
    submit: async () => (await jobs.submitJob({ params: { tenant }, body })).id,
    async close() {
      await host.close();
      stop.abort();
      await watching;
    }
  };
}
