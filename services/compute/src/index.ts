import { Problem } from '@stratalab/contracts';
import { computeRoutes } from '@stratalab/contracts/compute';
import { defineService, type Handlers } from '@stratalab/kernel';
import { computeConfig } from './config.ts';
import type { ComputePorts } from './ports.ts';

/** Jobs, their queue, logs and progress. */
export const compute = defineService<ComputePorts, typeof computeRoutes>({
  name: 'compute',
  routes: computeRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: computeConfig,
  create: () => ({ handlers: notYet() })
});
export type { ComputePorts } from './ports.ts';

function notYet(): Handlers<typeof computeRoutes> {
  const refuse = async (): Promise<never> => {
    throw new Problem('unavailable', { detail: 'Jobs cannot be run yet.' });
  };
  const unsafeAll: unknown = Object.fromEntries(Object.keys(computeRoutes).map(name => [name, refuse]));
  return unsafeAll as Handlers<typeof computeRoutes>;
}
