import { controlRoutes } from '@stratalab/contracts/control';
import { modelsRoutes } from '@stratalab/contracts/models';
import { createStorageQuota, defineService, serviceActor } from '@stratalab/kernel';
import { createRunAnnouncer } from './announce-run.ts';
import { modelsConfig } from './config.ts';
import { createFindJob } from './find-job.ts';
import { createHandlers } from './http.ts';
import { createMlflowSurface } from './mlflow/surface.ts';
import type { ModelsPorts } from './ports.ts';
import { createRemovalReconciler } from './reconcilers/removal.ts';
import { createRunOriginReconciler } from './reconcilers/run-origin.ts';
import { createSampleReconciler } from './reconcilers/sample-model.ts';
import { tenantSubscription } from './subscriptions.ts';

/** Experiments, runs, models and versions; the MLflow-compatible surface. */
export const models = defineService<ModelsPorts, typeof modelsRoutes>({
  name: 'models',
  routes: modelsRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: modelsConfig,
  create(context) {
    const { database, logger, ports } = context;
    const storage = createStorageQuota((tenant, subject) => context.clientFor(controlRoutes, serviceActor('models', tenant, subject)));
    const findJob = createFindJob(context);
    const announce = createRunAnnouncer(database, logger, context.stop);
    return {
      handlers: createHandlers(context, { findJob, storage }),
      reconcilers: [createRemovalReconciler({ objects: ports.objects, storage }), createRunOriginReconciler(findJob), createSampleReconciler(ports, storage)],
      subscriptions: [tenantSubscription],
      surface: createMlflowSurface({ database, ports, storage, logger, findJob, announce })
    };
  }
});
export type { ModelsPorts, SampleModel } from './ports.ts';
