import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { defineService } from '@stratalab/kernel';
import { pipelinesConfig } from './config.ts';
import type { PipelinesPorts } from './ports.ts';

/** Pipeline documents, schedules and runs. */
export const pipelines = defineService<PipelinesPorts, typeof pipelinesRoutes>({
  name: 'pipelines',
  routes: pipelinesRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: pipelinesConfig,
  create: () => ({ handlers: {} })
});
export type { PipelinesPorts } from './ports.ts';
