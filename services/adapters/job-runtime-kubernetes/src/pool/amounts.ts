import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { JobCapacity, Room } from '@stratalab/kernel';
import { quantity } from '../capacity.ts';

/** Resources by their Kubernetes names, in base units: cores, bytes, devices, pods. */
export type Amounts = Readonly<Record<string, number>>;

export const mebibyte = 2 ** 20;

export function amountsOf(quantities: Readonly<Record<string, string>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(quantities ?? {}).map(([name, text]) => [name, quantity(text)]));
}

/** Sums by resource; what only one side names counts as it is. */
export function add(one: Amounts, other: Amounts): Amounts {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map(name => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

/** What is left of each resource of `one`; never below nothing. */
export function subtract(one: Amounts, other: Amounts): Amounts {
  return Object.fromEntries(Object.entries(one).map(([name, amount]) => [name, Math.max(0, amount - (other[name] ?? 0))]));
}

/** What a pod holds on its node, as the scheduler counts it: containers and sidecars together, or the largest first step, and the pod's own overhead. */
export function requestsOf(pod: V1Pod): Amounts {
  const sum = (containers: readonly V1Container[]): Amounts => containers.map(container => amountsOf(container.resources?.requests)).reduce(add, {});
  const first = pod.spec?.initContainers ?? [];
  const sidecars = sum(first.filter(({ restartPolicy }) => restartPolicy === 'Always'));
  const running = add(sum(pod.spec?.containers ?? []), sidecars);
  const steps = first.filter(({ restartPolicy }) => restartPolicy !== 'Always').map(container => add(amountsOf(container.resources?.requests), sidecars));
  const names = new Set([running, ...steps].flatMap(Object.keys));
  const most = Object.fromEntries([...names].map(name => [name, Math.max(running[name] ?? 0, ...steps.map(step => step[name] ?? 0))]));
  return { ...add(most, amountsOf(pod.spec?.overhead)), pods: 1 };
}

/** In the units of the platform; memory is rounded down. */
export function capacityIn(amounts: Amounts, gpuResource: string): JobCapacity {
  return { cpu: Math.round((amounts['cpu'] ?? 0) * 1000) / 1000, memoryMiB: Math.floor((amounts['memory'] ?? 0) / mebibyte), gpu: amounts[gpuResource] ?? 0 };
}

/** As room for processes; a resource nobody named is unlimited where `isOpen`, else there is none of it. */
export function roomIn(amounts: Amounts, gpuResource: string, isOpen: boolean): Room {
  const of = (name: string): number => amounts[name] ?? (isOpen ? Number.POSITIVE_INFINITY : 0);
  return { cpu: of('cpu'), memoryMiB: Math.floor(of('memory') / mebibyte), gpu: of(gpuResource), processes: amounts['pods'] ?? null };
}
