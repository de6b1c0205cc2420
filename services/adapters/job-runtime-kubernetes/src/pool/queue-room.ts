import type { V1ResourceQuota } from '@kubernetes/client-node';
import type { PodGroupState, QueueState } from '../observe/cluster-objects.ts';
import { add, amountsOf, subtract, type Amounts } from './amounts.ts';
import { heldByGang } from './facts.ts';

/**
 * What a leaf queue and all queues above it leave: capability − allocated − what gangs hold that were let in but not placed (Volcano 1.15, capacity plugin with a
 * hierarchy). A resource that no queue of the chain limits is not in the answer.
 * @param except the gang in whose place the room is wanted: what it holds is free for that
 */
export function queueRoom(leaf: string, facts: { readonly queues: readonly QueueState[]; readonly podGroups: readonly PodGroupState[] }, except?: string): Amounts {
  const byName = new Map(facts.queues.map(queue => [queue.metadata?.name ?? '', queue]));
  let room: Amounts = {};
  for (const name of chainOf(leaf, byName)) {
    const queue = byName.get(name);
    const capability = amountsOf(queue?.spec?.capability);
    const held = facts.podGroups
      .filter(group => group.metadata?.uid !== except && chainOf(group.spec?.queue ?? '', byName).includes(name))
      .map(heldByGang)
      .reduce(add, {});
    room = least(room, subtract(capability, add(amountsOf(queue?.status?.allocated), held)));
  }
  return room;
}

/** The queue, its parent, and so on up to the root; a loop ends where it begins. */
function chainOf(leaf: string, byName: ReadonlyMap<string, QueueState>): readonly string[] {
  const chain: string[] = [];
  for (let name: string | undefined = leaf; name !== undefined && name !== '' && !chain.includes(name); name = byName.get(name)?.spec?.parent) chain.push(name);
  return chain;
}

/**
 * What the quotas of a namespace leave; of `requests.cpu` and `limits.cpu` the tighter one counts, and our pods ask for both alike. Quotas for some pods only, by
 * scope, are left out.
 */
export function quotaRoom(quotas: readonly V1ResourceQuota[]): Amounts {
  const whole = quotas.filter(({ spec }) => spec?.scopes === undefined && spec?.scopeSelector === undefined);
  return whole.map(quota => perResource(subtract(amountsOf(quota.status?.hard), amountsOf(quota.status?.used)))).reduce(least, {});
}

function perResource(left: Amounts): Amounts {
  return Object.entries(left).reduce<Amounts>((room, [name, amount]) => least(room, { [name.replace(/^(requests|limits)\./, '').replace(/^count\/pods$/, 'pods')]: amount }), {});
}

/** Of each resource the smaller amount; what only one side names is limited by that one. */
export function least(one: Amounts, other: Amounts): Amounts {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map(name => [name, Math.min(one[name] ?? Number.POSITIVE_INFINITY, other[name] ?? Number.POSITIVE_INFINITY)]));
}
