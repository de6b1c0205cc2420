import { setTimeout as pause } from 'node:timers/promises';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { reasonOf } from './api-error.ts';
import { fail, ok, unknown, type ClusterFinding, type ExamineOptions } from './finding.ts';

const name = 'Volcano scheduler';
const timeoutMs = 30_000;
const pollMs = 250;
const group = 'scheduling.volcano.sh';
const version = 'v1beta1';
const plural = 'podgroups';

/** Gives the scheduler a pod group without pods: only a living one says something about it. Resource definitions alone start no job. */
export async function probeScheduler(options: ExamineOptions, namespace: string): Promise<ClusterFinding> {
  const custom = options.kubeConfig.makeApiClient(CustomObjectsApi);
  const body = { apiVersion: `${group}/${version}`, kind: 'PodGroup', metadata: { name: 'probe' }, spec: { minMember: 1, queue: 'default' } };
  try {
    await custom.createNamespacedCustomObject({ group, version, plural, namespace, body });
  } catch (error) {
    return unknown(name, `It could not be probed: ${reasonOf(error)}.`, 'Run this as somebody who may make pod groups.');
  }
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline;) {
    options.signal.throwIfAborted();
    const phase = phaseOf(await custom.getNamespacedCustomObject({ group, version, plural, namespace, name: 'probe' }));
    if (phase !== undefined) return ok(name, `alive: it looked at a pod group at once (${phase})`);
    await pause(pollMs, undefined, { signal: options.signal });
  }
  return fail(
    name,
    `Nobody looked at a pod group for ${timeoutMs / 1000} s: jobs would wait for ever, without a reason.`,
    'Start the Volcano scheduler, and see its log if it runs.'
  );
}

function phaseOf(object: unknown): string | undefined {
  if (typeof object !== 'object' || object === null || !('status' in object)) return undefined;
  const { status } = object;
  return typeof status === 'object' && status !== null && 'phase' in status && typeof status.phase === 'string' && status.phase !== '' ? status.phase : undefined;
}
