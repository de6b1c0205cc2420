import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { defineService, loadConfig } from '@stratalab/kernel';
import { pipelinesConfig } from './config.ts';
import { createHandlers } from './http.ts';
import type { PipelinesPorts } from './ports.ts';
import { createRunReconciler } from './reconcilers/run.ts';
import { createScheduleReconciler } from './reconcilers/schedule.ts';
import { createClosedTenantSubscription } from './subscriptions/closed-tenant.ts';
import { createTenantSubscription } from './subscriptions/sample.ts';
import { createStepRunner } from './usecases/step-runner.ts';

/** Pipeline documents, schedules and runs; queries over catalogued datasets. */
export const pipelines = defineService<PipelinesPorts, typeof pipelinesRoutes>({
  name: 'pipelines',
  routes: pipelinesRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: pipelinesConfig,
  create(context) {
    const config = loadConfig(pipelinesConfig, context.environment);
    const runner = createStepRunner(context, config);
    return {
      handlers: createHandlers(context, config),
      reconcilers: [createRunReconciler({ context, config, runner }), createScheduleReconciler(context)],
      subscriptions: [createTenantSubscription(() => context.clock.now()), createClosedTenantSubscription(() => context.clock.now())],
      stop: () => runner.stop()
    };
  }
});
export type { PipelinesPorts, Staging } from './ports.ts';
