import { computeRoutes } from '@stratalab/contracts/compute';
import { defineService, loadConfig } from '@stratalab/kernel';
import { computeConfig } from './config.ts';
import { createHandlers } from './http.ts';
import { followRuntime } from './follow-runtime.ts';
import type { ComputePorts } from './ports.ts';
import { createJobReconciler } from './reconcilers/job.ts';
import { createTidyingReconciler } from './reconcilers/tidying.ts';
import { createQueueReconciler } from './reconcilers/queue.ts';
import { removeWithTenant, seedTemplates, stopWithTenant, watchQuotas } from './subscriptions.ts';

/** Jobs, their queue, logs and progress. */
export const compute = defineService<ComputePorts, typeof computeRoutes>({
  name: 'compute',
  routes: computeRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: computeConfig,
  create: context => {
    const config = loadConfig(computeConfig, context.environment);
    return {
      handlers: createHandlers(context),
      reconcilers: [createQueueReconciler(context, config), createJobReconciler(context, config), createTidyingReconciler(context, config)],
      leaders: followRuntime(context),
      subscriptions: [seedTemplates, watchQuotas, stopWithTenant, removeWithTenant]
    };
  }
});
export type { ComputePorts } from './ports.ts';
