import type { V1Node } from '@kubernetes/client-node';
import type { JobCapacity } from '@stratalab/kernel';

const units: Readonly<Record<string, number>> = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 };

/** A Kubernetes quantity (`1500m`, `4Gi`) as a number in base units; 0 for anything else. */
export function quantity(text: string | undefined): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(text ?? '');
  return match === null ? 0 : Number(match[1]) * (units[match[2] ?? ''] ?? 0);
}

/** What nodes that take work offer together. @param gpuResources of which one is a GPU */
export function capacityOf(nodes: readonly V1Node[], gpuResources: readonly string[]): JobCapacity {
  const open = nodes.filter(node => node.spec?.unschedulable !== true && node.status?.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True'));
  const sum = (resource: string): number => open.reduce((total, node) => total + quantity(node.status?.allocatable?.[resource]), 0);
  return { cpu: sum('cpu'), memoryMiB: Math.floor(sum('memory') / 2 ** 20), gpu: gpuResources.reduce((total, resource) => total + sum(resource), 0) };
}
