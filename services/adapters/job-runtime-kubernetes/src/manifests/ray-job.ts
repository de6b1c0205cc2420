import type { KubernetesObject } from '@kubernetes/client-node';
import type { JobStart } from '@stratalab/kernel';
import { gpuKindLabel } from '../gpu-kinds.ts';
import { marks, type RaySite, type Site } from '../site.ts';
import { attemptName } from './names.ts';
import { jobPriorityClass } from './priority-class.ts';
import { rayClusterSpec } from './ray-cluster.ts';

export interface RayJob extends KubernetesObject {
  readonly spec: object;
}

/**
 * A gang on a Ray cluster of its own as a RayJob: the cluster comes up when there is room for all of it, runs the driver of the gang once and goes when that ends.
 * The labels put the gang into the queue of the tenant; the operator makes its PodGroup.
 */
export function rayJob(request: JobStart, site: Site, ray: RaySite): RayJob {
  const { tenant, jobId, attempt } = request;
  const folder = `${site.dataFolder}/tenants/${tenant}/jobs/${jobId}/attempts/${attempt}`;
  return {
    apiVersion: 'ray.io/v1',
    kind: 'RayJob',
    metadata: {
      name: attemptName(request),
      namespace: site.namespaceOf(tenant),
      labels: {
        ...{ [marks.managed]: 'true', [marks.tenant]: tenant, [marks.job]: jobId, [marks.attempt]: String(attempt), ...gpuKindLabel(request.gpuKind) },
        'volcano.sh/queue-name': site.queueOf(tenant),
        'ray.io/priority-class-name': jobPriorityClass(request.priority ?? 0, site)
      }
    },
    spec: {
      // The operator submits by HTTP: no further pod, and it asks the head how the job is in every mode.
      submissionMode: 'HTTPMode',
      // Made of ids only: this line meets a shell on the head.
      entrypoint: `python3 ${folder}/ray_gang.py ${folder}/gang.json`,
      shutdownAfterJobFinishes: true,
      ttlSecondsAfterFinished: 0,
      // Retries are the platform's business.
      backoffLimit: 0,
      rayClusterSpec: rayClusterSpec(request, site, ray)
    }
  };
}
