import { computeRoutes } from '@stratalab/contracts/compute';
import { defineService } from '@stratalab/kernel';
import { computeConfig } from './config.ts';
import type { ComputePorts } from './ports.ts';

/** Jobs, their queue, logs and progress. */
export const compute = defineService<ComputePorts, typeof computeRoutes>({
  name: 'compute',
  routes: computeRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: computeConfig,
  create: () => ({ handlers: {} })
});
export type { ComputePorts } from './ports.ts';
