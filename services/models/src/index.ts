import { modelsRoutes } from '@stratalab/contracts/models';
import { defineService } from '@stratalab/kernel';
import { modelsConfig } from './config.ts';
import type { ModelsPorts } from './ports.ts';

/** Experiments, runs, models and versions; the MLflow-compatible surface. */
export const models = defineService<ModelsPorts, typeof modelsRoutes>({
  name: 'models',
  routes: modelsRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: modelsConfig,
  create: () => ({ handlers: {} })
});
export type { ModelsPorts } from './ports.ts';
