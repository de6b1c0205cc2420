import { Problem } from '@stratalab/contracts';
import type { QueueState } from './cluster-objects.ts';

/**
 * Refuses what Volcano would leave waiting without ever saying why: a queue that is missing, closed or not a leaf, and a resource the queue does not name.
 * @param children names of queues whose parent is this one
 * @throws invalid-state with what an operator has to do
 */
export function assertQueueTakes(name: string, queue: QueueState | undefined, children: readonly string[], resources: readonly string[]): void {
  const hint = 'Ask an operator of this cluster to look at the queue of the tenant.';
  if (queue === undefined) throw new Problem('invalid-state', { detail: `The cluster has no queue '${name}'.`, hint });
  const state = queue.status?.state;
  if (state !== undefined && state !== '' && state !== 'Open')
    throw new Problem('invalid-state', { detail: `The queue '${name}' is ${state.toLowerCase()} and takes no jobs.`, hint });
  if (children.length > 0) throw new Problem('invalid-state', { detail: `The queue '${name}' has queues below it, so it takes no jobs itself.`, hint });
  const { capability } = queue.spec ?? {};
  const missing = capability === undefined ? [] : resources.filter(resource => capability[resource] === undefined);
  if (missing.length > 0) throw new Problem('quota-exceeded', { detail: `The queue '${name}' offers no ${missing.join(' and no ')}.`, limit: 0, resource: missing[0] ?? '', hint });
}
