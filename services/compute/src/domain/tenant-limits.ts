import type { Queue } from '@stratalab/contracts/compute';
import type { Amounts } from './amounts.ts';

export interface KnownQuota {
  readonly resource: string;
  readonly limit: number | null;
  readonly used: number;
  readonly reserved: number;
}

const names = { jobs: 'jobs', cpu: 'cpu', memoryMiB: 'memory-mib', gpu: 'gpu' } as const;

/** The limits of a tenant that count for jobs. */
export function limitsOf(quotas: readonly KnownQuota[]): Queue['limits'] {
  const of = (resource: string): number | null => quotas.find(quota => quota.resource === resource)?.limit ?? null;
  return { jobs: of(names.jobs), cpu: of(names.cpu), memoryMiB: of(names.memoryMiB), gpu: of(names.gpu) };
}

/** What the limits leave for one more job; nothing at all when no job more may run. */
export function leftOf(quotas: readonly KnownQuota[]): Amounts {
  const of = (resource: string): number => {
    const quota = quotas.find(candidate => candidate.resource === resource);
    return quota === undefined || quota.limit === null ? Number.POSITIVE_INFINITY : Math.max(0, quota.limit - quota.used - quota.reserved);
  };
  if (of(names.jobs) < 1) return { cpu: 0, memoryMiB: 0, gpu: 0 };
  return { cpu: of(names.cpu), memoryMiB: of(names.memoryMiB), gpu: of(names.gpu) };
}
