import type { Machine } from '@stratalab/control';
import { Problem } from '@stratalab/contracts';
import type { JobRuntime } from '@stratalab/kernel';
import { capacityOf, checkCluster, createClusterClient, createKubernetesJobRuntime, loadKubeConfig } from '@stratalab/job-runtime-kubernetes';
import type { PlatformConfig } from '../config.ts';
import { siteOf } from './site.ts';

/** The cluster of this installation, checked: it answers and knows what jobs and tenants are made of. */
export interface ConnectedCluster {
  readonly runtime: JobRuntime;
  /** What its nodes offered together at start; the default limits of new tenants come from it. */
  readonly machine: Machine;
}

type ClusterSettings = Pick<PlatformConfig, 'STRATALAB_JOB_IMAGE' | 'KUBECONFIG'>;

/** Looks whether the cluster can be used, before anything is started. @throws Problem saying what is missing */
export async function assertClusterReady(config: ClusterSettings): Promise<void> {
  await openCluster(config);
}

/** Connects to the cluster, once per process. @throws Problem saying what is missing */
export async function connectCluster(config: PlatformConfig): Promise<ConnectedCluster> {
  const client = createClusterClient(await openCluster(config));
  const { cpu, memoryMiB, gpu } = capacityOf(await client.nodes(), config.STRATALAB_CLUSTER_GPU_RESOURCE);
  return { runtime: createKubernetesJobRuntime(client, siteOf(config)), machine: { cpuCount: Math.floor(cpu), memoryMiB, gpuCount: gpu } };
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
