import type { ClusterClient } from '../cluster-client.ts';
import type { PodGroupState, QueueState } from '../observe/cluster-objects.ts';
import { placedPod, type PoolFacts } from './facts.ts';

export type PoolClient = Pick<ClusterClient, 'nodes' | 'placedPods' | 'list' | 'quotas'>;

const scheduling = 'scheduling.volcano.sh/v1beta1';

/** How long an answer is good enough: people look at screens, and the cluster is spared. */
const freshMs = 5_000;

/**
 * Reads what decides about room, each kind with one list. Whoever asks within some seconds gets the same answer, and those who ask at the same moment share one
 * reading, so the number of readers never reaches the API server.
 */
export function createPoolReader(client: PoolClient, now: () => number = Date.now): () => Promise<PoolFacts> {
  let last: { readonly at: number; readonly facts: Promise<PoolFacts> } | undefined;
  return () => {
    if (last !== undefined && now() - last.at < freshMs) return last.facts;
    const reading = { at: now(), facts: read(client, new Date(now()).toISOString()) };
    last = reading;
    // A failure is told to those who waited for it and not kept.
    reading.facts.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.facts;
  };
}

async function read(client: PoolClient, readAt: string): Promise<PoolFacts> {
  const [nodes, pods, queues, podGroups, quotas] = await Promise.all([
    client.nodes(),
    client.placedPods(placedPod),
    client.list<QueueState>(scheduling, 'Queue'),
    client.list<PodGroupState>(scheduling, 'PodGroup'),
    client.quotas()
  ]);
  return { readAt, nodes, pods, queues, podGroups, quotas };
}
