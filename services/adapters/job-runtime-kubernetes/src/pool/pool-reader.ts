import type { ClusterClient } from '../cluster-client.ts';
import type { PodGroupState, QueueState } from '../observe/cluster-objects.ts';
import { placedPod, type PoolFacts } from './facts.ts';
import { kept } from './kept.ts';

export type PoolClient = Pick<ClusterClient, 'nodes' | 'placedPods' | 'list' | 'quotas'>;

const scheduling = 'scheduling.volcano.sh/v1beta1';

/** Reads what decides about room, each kind with one list; the answer is kept for some seconds. */
export function createPoolReader(client: PoolClient, now: () => number = Date.now): () => Promise<PoolFacts> {
  return kept(() => read(client, new Date(now()).toISOString()), { now });
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
