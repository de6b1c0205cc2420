import { servingRoutes } from '@stratalab/contracts/serving';
import { defineService } from '@stratalab/kernel';
import { servingConfig } from './config.ts';
import { createServing } from './create-serving.ts';
import type { ServingPorts } from './ports.ts';

/** Deployments, endpoints and the OpenAI-compatible gateway. */
export const serving = defineService<ServingPorts, typeof servingRoutes>({
  name: 'serving',
  routes: servingRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: servingConfig,
  create: createServing
});
export type { ServingPorts } from './ports.ts';
