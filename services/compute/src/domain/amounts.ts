import type { Resources } from '@stratalab/contracts/compute';

/** Cores, memory and devices, of a gang or of the machine. */
export interface Amounts {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly gpu: number;
}

export const nothing: Amounts = { cpu: 0, memoryMiB: 0, gpu: 0 };
const digits = 1000;
const exact = (value: number): number => Math.round(value * digits) / digits;

export function plus(one: Amounts, other: Amounts): Amounts {
  return { cpu: exact(one.cpu + other.cpu), memoryMiB: one.memoryMiB + other.memoryMiB, gpu: one.gpu + other.gpu };
}

export function minus(one: Amounts, other: Amounts): Amounts {
  return { cpu: exact(one.cpu - other.cpu), memoryMiB: one.memoryMiB - other.memoryMiB, gpu: one.gpu - other.gpu };
}

export function times(each: Resources, processes: number): Amounts {
  return { cpu: exact(each.cpu * processes), memoryMiB: each.memoryMiB * processes, gpu: each.gpu * processes };
}

/** Whether all of `needs` is there at once. */
export function fits(needs: Amounts, free: Amounts): boolean {
  return needs.cpu <= free.cpu && needs.memoryMiB <= free.memoryMiB && needs.gpu <= free.gpu;
}

/** "2 cores", "512 MiB of memory", "1 GPU". */
export function words(resource: keyof Amounts, amount: number): string {
  const value = String(exact(amount));
  if (resource === 'memoryMiB') return `${value} MiB of memory`;
  if (resource === 'gpu') return amount === 1 ? '1 GPU' : `${value} GPUs`;
  return amount === 1 ? '1 core' : `${value} cores`;
}

/** "2 more cores", "512 MiB more memory", "1 more GPU". */
export function moreWords(resource: keyof Amounts, amount: number): string {
  if (resource === 'memoryMiB') return `${exact(amount)} MiB more memory`;
  return words(resource, amount).replace(' ', ' more ');
}

export const resourceKeys = ['gpu', 'cpu', 'memoryMiB'] as const satisfies readonly (keyof Amounts)[];
