import { computeRoutes } from '@stratalab/contracts/compute';
import type { Profile } from '@stratalab/contracts/control';
import { useQuery, useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

/** What a form can complete: names that machines and other profiles have already. */
export interface Known {
  readonly labels: readonly string[];
  readonly gpuResources: readonly string[];
  readonly images: readonly string[];
}

const looked = 200;
const wholeGpu = 'nvidia.com/gpu';
/** A label that no two machines share names a machine, not a pool. */
const machineLabel = 'kubernetes.io/hostname';
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** Labels of machines and kinds of devices from the pool, images from the profiles; nothing while the pool does not answer. */
export function useKnown(profiles: readonly Profile[]): Known {
  const { stratalab } = useSuite();
  const compute = React.useMemo(() => stratalab.clientFor(computeRoutes), [stratalab]);
  const { data } = useQuery('names in the pool', (_tenant, signal) => compute.getPool({ query: { limit: looked } }, { signal }));
  const labels = (data?.items ?? []).flatMap(node => Object.entries(node.labels).flatMap(([key, value]) => (key === machineLabel ? [] : [`${key}=${value}`])));
  return {
    labels: unique(labels),
    gpuResources: unique([wholeGpu, ...(data?.devices ?? []).map(({ resource }) => resource)]),
    images: unique(profiles.flatMap(({ images }) => images.map(({ image }) => image)))
  };
}
