import type { KubernetesObject, V1Container, V1PodSpec, V1VolumeMount } from '@kubernetes/client-node';
import type { JobStart } from '@stratalab/kernel';
import { gpuKindLabel } from '../gpu-kinds.ts';
import { defaultGpuResource, marks, type Site } from '../site.ts';
import { attemptName } from './names.ts';
import { jobPriorityClass } from './priority-class.ts';

export interface VolcanoJob extends KubernetesObject {
  readonly spec: object;
}

export const masterPort = 29_400;
/** Time a process has to end after it was asked; a cancel may shorten it. */
const graceSeconds = 60;
export const tokenFolder = '/run/stratalab/secret';
/** Memory of a process beside its own data: interpreter, libraries, page cache of small files. */
export const overheadMiB = 64;

/**
 * A gang of single-process pods as a Volcano Job, complete without Volcano's admission webhooks: every plugin, count, queue and policy they would add is
 * written out. Pods have no service-account token and run as the pod security level `restricted` demands.
 */
export function volcanoJob(request: JobStart, site: Site): VolcanoJob {
  const labels = {
    [marks.managed]: 'true',
    [marks.tenant]: request.tenant,
    [marks.job]: request.jobId,
    [marks.attempt]: String(request.attempt),
    ...gpuKindLabel(request.gpuKind)
  };
  return {
    apiVersion: 'batch.volcano.sh/v1alpha1',
    kind: 'Job',
    metadata: { name: attemptName(request), namespace: site.namespaceOf(request.tenant), labels },
    spec: {
      schedulerName: 'volcano',
      queue: site.queueOf(request.tenant),
      priorityClassName: jobPriorityClass(request.priority ?? 0, site),
      minAvailable: request.processes,
      // Retries are the platform's business: it counts them, waits between them and publishes outputs once.
      maxRetry: 1,
      plugins: pluginsOf(request),
      policies: [
        { event: 'PodFailed', action: 'AbortJob' },
        { event: 'PodEvicted', action: 'AbortJob' },
        { event: 'TaskCompleted', action: 'CompleteJob' }
      ],
      tasks: [
        {
          name: 'worker',
          replicas: request.processes,
          minAvailable: request.processes,
          maxRetry: 1,
          template: { metadata: { labels }, spec: podSpec(request, site) }
        }
      ]
    }
  };
}

/**
 * env: the index of a pod. svc: a name for every pod, where there are several to name: it makes four objects of the cluster for each job, which is most of what
 * a small job costs the API server. The tenant's own network policy already says who may connect.
 */
function pluginsOf({ processes }: JobStart): Readonly<Record<string, readonly string[]>> {
  return processes === 1 ? { env: [] } : { svc: ['--disable-network-policy=true'], env: [] };
}

function podSpec(request: JobStart, site: Site): V1PodSpec {
  const { dataFolder, user } = site;
  return {
    schedulerName: 'volcano',
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    // The program is not process 1, so a signal it does not handle ends it as everywhere else.
    shareProcessNamespace: true,
    dnsPolicy: 'ClusterFirst',
    priorityClassName: jobPriorityClass(request.priority ?? 0, site),
    ...(request.deadlineSeconds === undefined ? {} : { activeDeadlineSeconds: request.deadlineSeconds }),
    securityContext: {
      runAsUser: user.uid,
      runAsGroup: user.gid,
      fsGroup: user.gid,
      fsGroupChangePolicy: 'OnRootMismatch',
      ...(user.uid === 0 ? {} : { runAsNonRoot: true }),
      seccompProfile: { type: 'RuntimeDefault' }
    },
    nodeSelector: site.pod?.nodeSelector ?? {},
    tolerations: site.pod?.tolerations ?? [],
    ...(site.pod?.imagePullSecrets === undefined ? {} : { imagePullSecrets: site.pod.imagePullSecrets }),
    containers: [container(request, site)],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: site.claimName } },
      { name: 'token', secret: { secretName: attemptName(request), defaultMode: 0o440 } },
      { name: 'private', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: `${Math.max(64, Math.floor(request.perProcess.memoryMiB / 4))}Mi` } },
      ...(site.pod?.volumes ?? [])
    ]
  };

  function container(job: JobStart, at: Site): V1Container {
    const { cpu, memoryMiB, gpu } = job.perProcess;
    const amounts = {
      cpu: String(cpu),
      memory: `${memoryMiB + overheadMiB}Mi`,
      ...(gpu === 0 ? {} : { [at.gpuResource ?? defaultGpuResource]: String(gpu) })
    };
    const folder = `${dataFolder}/tenants/${job.tenant}/jobs/${job.jobId}`;
    return {
      name: 'main',
      image: at.image,
      command: ['python3', `${folder}/attempts/${job.attempt}/pod.py`, `${folder}/attempts/${job.attempt}/request.json`, tokenFolder, '/run/stratalab/private'],
      workingDir: `${folder}/home`,
      env: [
        ...Object.entries(at.environment ?? {}).map(([name, value]) => ({ name, value })),
        { name: 'WORLD_SIZE', value: String(job.processes) },
        { name: 'MASTER_PORT', value: String(masterPort) }
      ],
      resources: { requests: amounts, limits: amounts },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      volumeMounts: [...dataMounts(job, at), ...(at.volumeMounts ?? [])]
    };
  }
}

/** The job's own folders, writable; what its tenant published, read-only; nothing else of the volume. */
export function dataMounts(job: JobStart, { dataFolder }: Site): V1VolumeMount[] {
  const tenant = `${dataFolder}/tenants/${job.tenant}`;
  const own = (name: string): V1VolumeMount => ({ name: 'data', mountPath: `${tenant}/jobs/${job.jobId}/${name}`, subPath: `jobs/${job.jobId}/${name}` });
  return [
    own('home'),
    own('logs'),
    own(`attempts/${job.attempt}`),
    { name: 'data', mountPath: `${tenant}/objects`, subPath: 'objects', readOnly: true },
    { name: 'token', mountPath: tokenFolder, readOnly: true },
    { name: 'private', mountPath: '/run/stratalab/private' },
    { name: 'shared-memory', mountPath: '/dev/shm' }
  ];
}
