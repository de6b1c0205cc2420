import type { Queue } from '@stratalab/contracts/compute';
import { useQuery } from '@stratalab/lab-kit';
import { useCompute } from '../use-compute';

export type Offered = Pick<Queue, 'launchers' | 'gpuKinds'>;

/** What every installation has, until this one has said what it has. */
const everywhere: Offered = { launchers: ['python', 'torchrun', 'mpi'], gpuKinds: [] };

/** How jobs can be started here, and the kinds of GPU they may ask for. */
export function useOffered(): Offered {
  const compute = useCompute();
  return useQuery('what jobs may ask for', (tenant, signal) => compute.getQueue({ params: { tenant } }, { signal })).data ?? everywhere;
}
