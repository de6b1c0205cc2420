import type { Queue } from '@stratalab/contracts/compute';
import { useQuery } from '@stratalab/lab-kit';
import { useCompute } from '../use-compute';

/** How jobs can be started on every installation, until this one has said what it has. */
export const everywhere: Pick<Queue, 'launchers' | 'gpuKinds'> = { launchers: ['python', 'torchrun', 'mpi'], gpuKinds: [] };

/** The queue of the tenant as it is now: what is free in it, and what jobs may ask for. */
export function useQueue(): Queue | undefined {
  const compute = useCompute();
  return useQuery('queue', (tenant, signal) => compute.getQueue({ params: { tenant } }, { signal }), { refreshOn: ['job.changed.', 'quota.'] }).data;
}
