import type { V1Pod } from '@kubernetes/client-node';
import type { GangSpace, JobAttempt } from '@stratalab/kernel';
import { attemptName } from '../manifests/names.ts';
import { overheadMiB } from '../manifests/volcano-job.ts';
import type { PodGroupState } from '../observe/cluster-objects.ts';
import type { RoomFacts } from '../observe/waiting.ts';
import { defaultGpuResource, type Site } from '../site.ts';
import { add, amountsOf, requestsOf, roomIn, type Amounts } from './amounts.ts';
import type { PoolFacts } from './facts.ts';
import { nodeRooms } from './pool.ts';
import { least, queueRoom, quotaRoom } from './queue-room.ts';

export interface SpaceParts {
  readonly site: Site;
  readonly facts: PoolFacts;
  /** Pods of the attempt that waits; some may be made already, and then count against the quota of the namespace. */
  readonly ownPods: readonly V1Pod[];
}

/** Room for another gang in the place of one that waits: what that one holds is free for it. */
export function spaceFor(attempt: JobAttempt, { site, facts, ownPods }: SpaceParts): GangSpace {
  const namespace = site.namespaceOf(attempt.tenant);
  const gpuResource = site.gpuResource ?? defaultGpuResource;
  const own = facts.podGroups.find(({ metadata }) => metadata?.namespace === namespace && metadata.ownerReferences?.some(({ name }) => name === attemptName(attempt)));
  const quota = quotaRoom(facts.quotas.filter(({ metadata }) => metadata?.namespace === namespace));
  const limit = least(queueRoom(site.queueOf(attempt.tenant), facts, own?.metadata?.uid), grown(quota, ownPods.map(requestsOf).reduce(add, {})));
  return { nodes: nodeRooms(facts, site, gpuResource), limit: roomIn(limit, gpuResource, true), overheadMiB };
}

/** More of what is limited; what is not limited stays without a limit. */
function grown(room: Amounts, more: Amounts): Amounts {
  return Object.fromEntries(Object.entries(room).map(([name, amount]) => [name, amount + (more[name] ?? 0)]));
}

/** What a gang asks for beside what its queue leaves and what nodes offer. */
export function roomFacts(facts: PoolFacts, queue: string, podGroup: PodGroupState | undefined): RoomFacts {
  return {
    asked: amountsOf(podGroup?.spec?.minResources),
    left: queueRoom(queue, facts, podGroup?.metadata?.uid),
    offered: new Set(facts.nodes.flatMap(node => Object.entries(amountsOf(node.status?.allocatable)).flatMap(([name, amount]) => (amount > 0 ? [name] : []))))
  };
}
