import { quantity } from '@stratalab/job-runtime-kubernetes';
import type { JobCapacity, TenantLimits } from '@stratalab/kernel';

/**
 * What a tenant is due when all tenants want everything they may have: its limit, or the same fraction of the pool as its limit is of all limits together.
 * Without a limit nobody is due anything in particular.
 */
export function shareOf(limits: TenantLimits, others: readonly Readonly<Record<string, string>>[], at: { readonly pool: JobCapacity; readonly gpuResource: string }): TenantLimits {
  const share = (limit: number | null, pool: number, read: (capability: Readonly<Record<string, string>>) => number): number | null => {
    if (limit === null) return null;
    const all = others.reduce((sum, capability) => sum + read(capability), limit);
    return all <= pool || all === 0 ? limit : (limit * pool) / all;
  };
  const gpu = share(limits.gpu, at.pool.gpu, capability => quantity(capability[at.gpuResource]));
  return {
    ...limits,
    cpu: share(limits.cpu, at.pool.cpu, capability => quantity(capability['cpu'])),
    memoryMiB: share(limits.memoryMiB, at.pool.memoryMiB, capability => quantity(capability['memory']) / 2 ** 20),
    gpu: gpu === null ? null : Math.floor(gpu)
  };
}
