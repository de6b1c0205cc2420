import type { KubeConfig } from '@kubernetes/client-node';
import { catalog } from '@stratalab/catalog';
import { createClusterWatch, type ClusterWatch } from '@stratalab/cluster-watch';
import { compute } from '@stratalab/compute';
import { control } from '@stratalab/control';
import { createClusterClient, createKubernetesJobRuntime, createWatchedClient, jobChanges, jobKinds, type Site } from '@stratalab/job-runtime-kubernetes';
import { mountService, type JobRuntime, type Logger, type Metrics, type MountedService } from '@stratalab/kernel';
import { createLocalMounts } from '@stratalab/mounts-local';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createDuckDbQueryEngine } from '@stratalab/query-duckdb';
import { fakeControlPorts } from '@stratalab/tooling';

/** Jobs that are only looked at on simulated nodes; nothing of them reads the data folder. */
export function simulatedSite(dataFolder: string): Site {
  return {
    ...{ image: 'simulated', claimName: 'stratalab-data', dataFolder, user: { uid: 0, gid: 0 } },
    namespaceOf: tenant => `tenant-${tenant}`,
    queueOf: tenant => `tenant-${tenant}`,
    pod: { nodeSelector: { type: 'kwok' }, tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }] }
  };
}

export interface WatchedRuntime {
  readonly runtime: JobRuntime;
  readonly watch: ClusterWatch;
}

/** The runtime as the platform has it: watched, and asked where that is needed. */
export function watchedRuntime(parts: { readonly kubeConfig: KubeConfig; readonly site: Site; readonly logger: Logger; readonly metrics: Metrics }): WatchedRuntime {
  const { kubeConfig, site, logger, metrics } = parts;
  const watch = createClusterWatch({ kubeConfig, logger, metrics, kinds: jobKinds() });
  return { watch, runtime: { ...createKubernetesJobRuntime(createWatchedClient(createClusterClient(kubeConfig), watch), site), changes: jobChanges(watch, site) } };
}

/** What a job needs of the platform, on a machine that has room for all of them. */
export function clusterServices(dataFolder: string, runtime: JobRuntime): readonly MountedService[] {
  return [
    mountService(control, { ...fakeControlPorts(), machine: { cpuCount: 64, memoryMiB: 262_144, gpuCount: 8 } }),
    mountService(catalog, {
      ...{ store: createFolderObjectStore({ dataFolder }), query: createDuckDbQueryEngine(), workspaces: createLocalMounts({ dataFolder }) },
      samples: { all: [], write: async () => undefined }
    }),
    mountService(compute, { runtime, platformUrl: 'http://127.0.0.1:9' })
  ];
}
