import { agentsRoutes } from '@stratalab/contracts/agents';
import { controlRoutes } from '@stratalab/contracts/control';
import { createStorageQuota, defineService, loadConfig, serviceActor } from '@stratalab/kernel';
import { agentsConfig } from './config.ts';
import { createHandlers } from './http.ts';
import { passagesFor } from './models.ts';
import type { AgentsPorts } from './ports.ts';
import { createDocumentReconciler } from './reconcilers/document.ts';
import { createSampleReconciler } from './reconcilers/sample-collection.ts';
import { subscriptions } from './subscriptions.ts';

/** Collections, retrieval and answers with checked citations. */
export const agents = defineService<AgentsPorts, typeof agentsRoutes>({
  name: 'agents',
  routes: agentsRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: agentsConfig,
  create(context) {
    const { ports, clock } = context;
    const { STRATALAB_EMBED_BATCH: batchSize } = loadConfig(agentsConfig, context.environment);
    const storage = createStorageQuota((tenant, subject) => context.clientFor(controlRoutes, serviceActor('agents', tenant, subject)));
    return {
      subscriptions,
      handlers: createHandlers(context, storage),
      reconcilers: [createDocumentReconciler({ ports, storage, clock, batchSize, embedPassages: passagesFor(context) }), createSampleReconciler(ports, storage)]
    };
  }
});
export type { AgentsPorts } from './ports.ts';
