import type { Machine } from '@stratalab/control';
import { Problem } from '@stratalab/contracts';
import { createClusterWatch } from '@stratalab/cluster-watch';
import { joinRuntimes, type JobRuntime, type Logger, type Metrics, type TenantPlaces } from '@stratalab/kernel';
import {
  capacityOf,
  gpuResourcesOf,
  checkCluster,
  createClusterClient,
  createKubernetesJobRuntime,
  createRayJobRuntime,
  createWatchedClient,
  jobChanges,
  jobKinds,
  loadKubeConfig,
  ownAccount
} from '@stratalab/job-runtime-kubernetes';
import { createKubernetesTenantPlaces } from '@stratalab/tenancy-kubernetes';
import type { PlatformConfig } from '../config.ts';
import { siteOf } from './site.ts';
import { tenantSiteOf } from './tenant-site.ts';

/** The cluster of this installation, checked: it answers and knows what jobs and tenants are made of. */
export interface ConnectedCluster {
  readonly runtime: JobRuntime;
  /** Where tenants have their namespaces, limits and walls. */
  readonly places: TenantPlaces;
  /** What its nodes offered together at start; the default limits of new tenants come from it. */
  readonly machine: Machine;
}

type ClusterSettings = Pick<PlatformConfig, 'STRATALAB_JOB_IMAGE' | 'KUBECONFIG'>;

/** Looks whether the cluster can be used, before anything is started. @throws Problem saying what is missing */
export async function assertClusterReady(config: ClusterSettings): Promise<void> {
  await openCluster(config);
}

/** What a process that stays connected to the cluster has. */
export interface ClusterProcess {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly stop: AbortSignal;
}

/** Connects to the cluster, once per process, and watches it until `stop` where this process drives jobs. @throws Problem saying what is missing */
export async function connectCluster(config: PlatformConfig, { logger, metrics, stop }: ClusterProcess): Promise<ConnectedCluster> {
  const kubeConfig = await openCluster(config);
  const site = siteOf(config);
  const direct = createClusterClient(kubeConfig);
  const places = createKubernetesTenantPlaces(direct, tenantSiteOf(config, await ownAccount(kubeConfig)));
  const { cpu, memoryMiB, gpu } = capacityOf(await direct.nodes(), gpuResourcesOf(site));
  const watch = createClusterWatch({ kubeConfig, logger, metrics, kinds: jobKinds({ hasRay: site.ray !== undefined }) });
  if (drivesJobs(config)) void watch.run(stop);
  // Until the watch has everything, and whenever it is not fresh, the cluster is asked.
  const client = createWatchedClient(direct, watch);
  const gangs = createKubernetesJobRuntime(client, site);
  const runtime = { ...(site.ray === undefined ? gangs : joinRuntimes(gangs, createRayJobRuntime(client, site, site.ray))), changes: jobChanges(watch, site) };
  return { runtime, places, machine: { cpuCount: Math.floor(cpu), memoryMiB, gpuCount: gpu } };
}

function drivesJobs({ STRATALAB_SERVICES }: PlatformConfig): boolean {
  const wanted = STRATALAB_SERVICES.split(',').flatMap(name => (name.trim() === '' ? [] : [name.trim()]));
  return wanted.length === 0 || wanted.includes('compute');
}

async function openCluster(config: ClusterSettings): Promise<ReturnType<typeof loadKubeConfig>> {
  if (config.STRATALAB_JOB_IMAGE === '') {
    throw new Problem('invalid-request', {
      detail: 'STRATALAB_JOB_RUNTIME is kubernetes, but STRATALAB_JOB_IMAGE is not set.',
      hint: 'Name the image job pods run, best by digest: registry.example/stratalab-job@sha256:…'
    });
  }
  const kubeConfig = loadKubeConfig(config.KUBECONFIG);
  await checkCluster(kubeConfig);
  return kubeConfig;
}
