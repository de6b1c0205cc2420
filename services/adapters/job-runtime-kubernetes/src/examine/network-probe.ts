import { setTimeout as pause } from 'node:timers/promises';
import { CoreV1Api, NetworkingV1Api, type V1Pod } from '@kubernetes/client-node';
import { reasonOf } from './api-error.ts';
import { fail, ok, unknown, warn, type ClusterFinding, type ExamineOptions } from './finding.ts';

const name = 'Network policies';
const imageName = 'Image of jobs';
const port = 8080;
const startTimeoutMs = 60_000;
/** A node that is free takes a pod at once. */
const placeTimeoutMs = 15_000;
const reachTimeoutMs = 30_000;
const enforceTimeoutMs = 15_000;
const pollMs = 500;
/** Longest life of a probe pod, should nobody be left to remove it. */
const deadlineSeconds = 300;
const why = 'Without it pods of one tenant reach those of all others, and everything else inside the cluster.';
const enforce = 'Use a network plug-in that enforces NetworkPolicy (Calico, Cilium, kube-router …); until then treat all tenants as one.';
const pullFailures = ['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName'];

const serve = `import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("", ${port})); s.listen(16)
print("listening", flush=True)
while True: s.accept()[0].close()`;

/** Says once a half second whether the other pod can be reached. */
const knock = `import socket, sys, time
while True:
    try: socket.create_connection((sys.argv[1], ${port}), 1).close(); print("open", flush=True)
    except OSError: print("closed", flush=True)
    time.sleep(0.5)`;

/**
 * Tries it: two pods that reach each other, then a policy that forbids it. What the cluster says it supports proves nothing: a policy without
 * a plug-in that enforces it is accepted and ignored. Tells on the way whether the image of jobs can be pulled and has Python.
 */
export async function probeNetworkPolicy(options: ExamineOptions, namespace: string): Promise<readonly ClusterFinding[]> {
  if (options.probeImage === undefined || options.probeImage === '')
    return [unknown(name, 'It could not be probed: no image for the probe pods is known.', 'Set STRATALAB_JOB_IMAGE to the image of jobs, then run this again.')];
  const core = options.kubeConfig.makeApiClient(CoreV1Api);
  try {
    await core.createNamespacedPod({ namespace, body: podOf(options, 'server', serve, []) });
  } catch (error) {
    return [unknown(name, `It could not be probed: ${reasonOf(error)}.`, 'Run this as somebody who may make pods.')];
  }
  const server = await waitForPod(options, core, namespace);
  if (server.trouble !== undefined) return [...server.findings, unknown(name, `It could not be probed: ${server.trouble}.`, 'Mend that first, then run this again.')];
  if (await isSimulated(core, server.node))
    return [unknown(name, `It could not be probed: the node ${server.node} is simulated, its pods do nothing.`, 'Run this on a cluster with real nodes.')];
  const image = ok(imageName, `${options.probeImage} was started on ${server.node}`);
  await core.createNamespacedPod({ namespace, body: podOf(options, 'client', knock, [server.address]) });
  const before = await watchKnocks(options, core, namespace, { since: 0, timeoutMs: startTimeoutMs + reachTimeoutMs, isEnough: lines => lines.includes('open') });
  if (before === undefined)
    return [image, unknown(name, 'It could not be probed: the second pod said nothing.', 'See whether pods start and logs can be read, then run this again.')];
  if (!before.includes('open'))
    return [
      image,
      warn(
        name,
        'Two pods of one namespace do not reach each other even without a policy.',
        'Jobs of several processes need that: look at the network plug-in, or at policies that apply to every namespace.'
      )
    ];
  await options.kubeConfig
    .makeApiClient(NetworkingV1Api)
    .createNamespacedNetworkPolicy({ namespace, body: { metadata: { name: 'deny' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } } });
  const after = await watchKnocks(options, core, namespace, { since: before.length, timeoutMs: enforceTimeoutMs, isEnough: lines => lines.slice(-2).join() === 'closed,closed' });
  if (after?.slice(-2).join() === 'closed,closed') return [image, ok(name, 'enforced: a pod that was reachable was not any more once a policy forbade it')];
  return [image, fail(name, `They are accepted and NOT enforced: a pod was still reachable ${enforceTimeoutMs / 1000} s after a policy forbade it. ${why}`, enforce)];
}

function podOf(options: ExamineOptions, podName: string, program: string, args: readonly string[]): V1Pod {
  const { volumes = [], volumeMounts = [], nodeSelector } = options;
  return {
    metadata: { name: podName, labels: { 'stratalab/doctor': 'probe' } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: deadlineSeconds,
      volumes: [...volumes],
      ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
      containers: [
        {
          name: 'probe',
          image: options.probeImage ?? '',
          command: ['python3', '-c', program, ...args],
          volumeMounts: [...volumeMounts],
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            runAsNonRoot: true,
            runAsUser: 65_534,
            runAsGroup: 65_534,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' }
          }
        }
      ]
    }
  };
}

/** Nodes of a simulator (KWOK) let every pod run and none do anything. */
async function isSimulated(core: CoreV1Api, node: string): Promise<boolean> {
  const found = await core.readNode({ name: node }).catch(() => undefined);
  return found?.metadata?.annotations?.['kwok.x-k8s.io/node'] === 'fake';
}

interface Started {
  readonly address: string;
  readonly node: string;
  readonly trouble?: string;
  readonly findings: readonly ClusterFinding[];
}

async function waitForPod(options: ExamineOptions, core: CoreV1Api, namespace: string): Promise<Started> {
  const nothing = { address: '', node: '', findings: [] };
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    options.signal.throwIfAborted();
    const { status, spec } = await core.readNamespacedPod({ namespace, name: 'server' });
    const container = status?.containerStatuses?.[0]?.state;
    if (status?.phase === 'Running' && status.podIP !== undefined) return { ...nothing, address: status.podIP, node: spec?.nodeName ?? 'a node' };
    if (container?.waiting?.reason !== undefined && pullFailures.includes(container.waiting.reason)) {
      const text = `${options.probeImage} cannot be pulled (${container.waiting.message ?? container.waiting.reason})`;
      return {
        ...nothing,
        trouble: 'the image cannot be pulled',
        findings: [fail(imageName, `${text}: no job could start.`, 'Check the name, the registry, and imagePullSecrets in STRATALAB_JOB_POD.')]
      };
    }
    if (status?.phase === 'Failed' || container?.terminated !== undefined)
      return { ...nothing, trouble: `the probe pod ended (${container?.terminated?.reason ?? status?.reason ?? 'no reason given'})` };
    const refused = status?.conditions?.find(({ reason }) => reason === 'Unschedulable');
    if (refused !== undefined && Date.now() > deadline - startTimeoutMs + placeTimeoutMs)
      return { ...nothing, trouble: `no node takes a probe pod: ${refused.message ?? 'nobody says why'}` };
    if (Date.now() > deadline) {
      const waits = status?.conditions?.find(({ status: state }) => state === 'False')?.message ?? container?.waiting?.reason ?? 'nobody says why';
      return { ...nothing, trouble: `no pod starts within ${startTimeoutMs / 1000} s: ${waits}` };
    }
    await pause(pollMs, undefined, { signal: options.signal });
  }
}

/** Lines of the client after the first `since`; `undefined` when there are no logs at all. */
async function watchKnocks(
  options: ExamineOptions,
  core: CoreV1Api,
  namespace: string,
  until: { readonly since: number; readonly timeoutMs: number; readonly isEnough: (lines: readonly string[]) => boolean }
): Promise<readonly string[] | undefined> {
  const deadline = Date.now() + until.timeoutMs;
  let seen: readonly string[] | undefined;
  while (Date.now() < deadline) {
    options.signal.throwIfAborted();
    const text = await core.readNamespacedPodLog({ namespace, name: 'client' }).catch(() => '');
    const lines = text.split('\n').filter(line => line === 'open' || line === 'closed');
    if (lines.length > 0) seen = lines.slice(until.since);
    if (seen !== undefined && until.isEnough(seen)) break;
    await pause(pollMs, undefined, { signal: options.signal });
  }
  return seen;
}
