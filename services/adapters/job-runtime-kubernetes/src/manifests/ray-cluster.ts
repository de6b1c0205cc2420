import type { V1Container, V1PodTemplateSpec, V1Probe } from '@kubernetes/client-node';
import type { JobStart } from '@stratalab/kernel';
import { defaultGpuResource, marks, type RaySite, type Site } from '../site.ts';
import { attemptName } from './names.ts';
import { jobPriorityClass } from './priority-class.ts';
import { dataMounts, overheadMiB } from './volcano-job.ts';

/** Each pod offers one: a gang that asks for one a process has each process in a pod of its own, and Ray's cores stay free for tasks. */
export const processResource = 'stratalab_process';
/** What Ray itself needs beside the process: on the head its control processes and the dashboard that takes the job, on a worker its agents. */
const rayOverheadMiB = { head: 2048, worker: 1024 } as const;
/** Cores Ray's own processes may use beside the job's, where there are any: else a small job waits a minute for its cluster. */
const rayCores = 1;
const objectStoreShare = 0.25;
const leastObjectStoreMiB = 80;
const graceSeconds = 30;
/** Where Ray keeps sockets, its own logs and what does not fit into memory. */
const scratchFolder = '/tmp/ray';
const mib = 2 ** 20;

/**
 * A Ray cluster for one gang: the head is the place of the first process, each worker that of another. Complete without webhooks; it answers only to who holds
 * the token in the Secret of the attempt. Pods see what pods of the same job without Ray see, and are as restricted.
 */
export function rayClusterSpec(request: JobStart, site: Site, ray: RaySite): object {
  const workers = request.processes - 1;
  return {
    rayVersion: ray.version,
    authOptions: { mode: 'token', secretName: attemptName(request) },
    headGroupSpec: { rayStartParams: startParameters(request), template: podTemplate(request, { site, ray, role: 'head' }) },
    workerGroupSpecs:
      workers === 0
        ? []
        : [
            {
              groupName: 'worker',
              ...{ replicas: workers, minReplicas: workers, maxReplicas: workers },
              rayStartParams: startParameters(request),
              template: podTemplate(request, { site, ray, role: 'worker' })
            }
          ]
  };
}

type Role = keyof typeof rayOverheadMiB;

function startParameters({ perProcess }: JobStart): Record<string, string> {
  return {
    'num-cpus': String(Math.max(1, Math.ceil(perProcess.cpu))),
    ...(perProcess.gpu === 0 ? {} : { 'num-gpus': String(perProcess.gpu) }),
    'object-store-memory': String(objectStoreMiB(perProcess.memoryMiB) * mib),
    resources: `'${JSON.stringify({ [processResource]: 1 })}'`,
    'disable-usage-stats': 'true',
    // Nobody scales this cluster, and logs of processes never pass through Ray: two programs less have to come up before the job does.
    'no-monitor': 'true',
    'include-log-monitor': '0'
  };
}

function objectStoreMiB(memoryMiB: number): number {
  return Math.max(leastObjectStoreMiB, Math.floor(memoryMiB * objectStoreShare));
}

interface Place {
  readonly site: Site;
  readonly ray: RaySite;
  readonly role: Role;
}

function podTemplate(request: JobStart, place: Place): V1PodTemplateSpec {
  const { site } = place;
  const labels = {
    ...{ [marks.managed]: 'true', [marks.tenant]: request.tenant, [marks.job]: request.jobId, [marks.attempt]: String(request.attempt) },
    'volcano.sh/queue-name': site.queueOf(request.tenant)
  };
  return {
    metadata: { labels },
    spec: {
      schedulerName: 'volcano',
      priorityClassName: jobPriorityClass(request.priority ?? 0, site),
      // A head that starts anew has forgotten its job: the attempt is lost, and the platform decides over the next one.
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: graceSeconds,
      dnsPolicy: 'ClusterFirst',
      securityContext: {
        runAsUser: site.user.uid,
        runAsGroup: site.user.gid,
        fsGroup: site.user.gid,
        fsGroupChangePolicy: 'OnRootMismatch',
        ...(site.user.uid === 0 ? {} : { runAsNonRoot: true }),
        seccompProfile: { type: 'RuntimeDefault' }
      },
      nodeSelector: site.pod?.nodeSelector ?? {},
      tolerations: site.pod?.tolerations ?? [],
      ...(site.pod?.imagePullSecrets === undefined ? {} : { imagePullSecrets: site.pod.imagePullSecrets }),
      containers: [container(request, place)],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: site.claimName } },
        { name: 'token', secret: { secretName: attemptName(request), defaultMode: 0o440, items: [{ key: 'token', path: 'token' }] } },
        { name: 'private', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
        { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: `${objectStoreMiB(request.perProcess.memoryMiB) + leastObjectStoreMiB}Mi` } },
        { name: 'scratch', emptyDir: {} },
        ...(site.pod?.volumes ?? [])
      ]
    }
  };
}

function container(request: JobStart, { site, ray, role }: Place): V1Container {
  const { cpu, memoryMiB, gpu } = request.perProcess;
  const amounts = {
    cpu: String(cpu),
    memory: `${memoryMiB + overheadMiB + rayOverheadMiB[role] + objectStoreMiB(memoryMiB)}Mi`,
    ...(gpu === 0 ? {} : { [site.gpuResource ?? defaultGpuResource]: String(gpu) })
  };
  return {
    name: `ray-${role}`,
    image: ray.image,
    env: [
      { name: 'HOME', value: scratchFolder },
      { name: 'USER', value: 'stratalab' },
      { name: 'RAY_TMPDIR', value: scratchFolder },
      // Not every image has a /tmp for everybody, and without one Ray's dashboard never answers.
      { name: 'TMPDIR', value: scratchFolder },
      ...Object.entries({ ...site.environment, ...ray.environment }).map(([name, value]) => ({ name, value }))
    ],
    ...(role === 'head' ? { ports: [...ports] } : {}),
    resources: { requests: amounts, limits: { ...amounts, cpu: String(cpu + rayCores) } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    readinessProbe: probe(2),
    livenessProbe: { ...probe(10), initialDelaySeconds: 60 },
    volumeMounts: [...dataMounts(request, site), { name: 'scratch', mountPath: scratchFolder }, ...(site.volumeMounts ?? [])]
  };
}

const ports = [
  { name: 'gcs-server', containerPort: 6379 },
  { name: 'dashboard', containerPort: 8265 },
  { name: 'client', containerPort: 10_001 }
] as const;

/** Ray's own agent says whether its node is well. */
function probe(periodSeconds: number): V1Probe {
  return { httpGet: { path: '/api/healthz', port: 52_365 }, periodSeconds, timeoutSeconds: 5, failureThreshold: 120 };
}
