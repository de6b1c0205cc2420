import type { V1Node, V1Pod, V1ResourceQuota } from '@kubernetes/client-node';
import type { PodGroupState, QueueState } from '../observe/cluster-objects.ts';
import { add, amountsOf, requestsOf, type Amounts } from './amounts.ts';

/** A pod that is placed on a node, as far as room is concerned. */
export interface PlacedPod {
  readonly namespace: string;
  readonly node: string;
  readonly requests: Amounts;
}

/** What the cluster says about room, read at one time: each kind listed once. */
export interface PoolFacts {
  readonly readAt: string;
  readonly nodes: readonly V1Node[];
  readonly pods: readonly PlacedPod[];
  readonly queues: readonly QueueState[];
  readonly podGroups: readonly PodGroupState[];
  readonly quotas: readonly V1ResourceQuota[];
}

/** The part of a pod that matters here; nothing for one without a node. */
export function placedPod(pod: V1Pod): readonly PlacedPod[] {
  const node = pod.spec?.nodeName;
  return node === undefined || node === '' ? [] : [{ namespace: pod.metadata?.namespace ?? '', node, requests: requestsOf(pod) }];
}

export function usedBy(pods: readonly PlacedPod[], key: (pod: PlacedPod) => string): ReadonlyMap<string, Amounts> {
  const used = new Map<string, Amounts>();
  for (const pod of pods) used.set(key(pod), add(used.get(key(pod)) ?? {}, pod.requests));
  return used;
}

/** What a gang that was let in, but has no node yet, holds of its queue. */
export function heldByGang(group: PodGroupState): Amounts {
  return group.status?.phase === 'Inqueue' ? amountsOf(group.spec?.minResources) : {};
}
