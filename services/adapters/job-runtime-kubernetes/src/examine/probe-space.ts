import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { statusOf } from './api-error.ts';

/** A namespace that exists only while something is tried. */
export interface ProbeSpace {
  readonly name: string;
  remove(): Promise<void>;
}

const label = 'stratalab/doctor';
const removeTimeoutMs = 60_000;
/** One that a killed run left behind is surely nobody's after this time. */
const staleMs = 10 * 60_000;
const pollMs = 250;

/** Makes a namespace of a name nobody else has; those of runs that were killed are removed first. @throws what the API server says, 403 for instance */
export async function createProbeSpace(kubeConfig: KubeConfig): Promise<ProbeSpace> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  await removeStale(core);
  const name = `stratalab-doctor-${randomBytes(5).toString('hex')}`;
  await core.createNamespace({ body: { metadata: { name, labels: { [label]: 'probe' } } } });
  return { name, remove: () => removeNamespace(core, name) };
}

async function removeStale(core: CoreV1Api): Promise<void> {
  const { items } = await core.listNamespace({ labelSelector: `${label}=probe` });
  for (const { metadata } of items) {
    const isStale = Date.now() - new Date(metadata?.creationTimestamp ?? Date.now()).getTime() > staleMs;
    if (isStale && metadata?.name !== undefined) await removeNamespace(core, metadata.name);
  }
}

/** Removes it and waits until nothing of it is left; gone is gone. */
async function removeNamespace(core: CoreV1Api, name: string): Promise<void> {
  const deadline = Date.now() + removeTimeoutMs;
  for (;;) {
    try {
      // Pods are told to end at once: nobody waits for a probe.
      await core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 });
      await core.deleteNamespace({ name });
      await core.readNamespace({ name });
    } catch (error) {
      if (statusOf(error) === 404) return;
      // Conflict: it is being removed already.
      if (statusOf(error) !== 409) throw error;
    }
    if (Date.now() > deadline) throw new Error(`The namespace ${name} is still being removed.`);
    await pause(pollMs);
  }
}
