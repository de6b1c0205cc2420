import { catalogRoutes } from '@stratalab/contracts/catalog';
import { defineService, loadConfig } from '@stratalab/kernel';
import { catalogConfig } from './config.ts';
import { createHandlers } from './http.ts';
import type { CatalogPorts } from './ports.ts';
import { createDatasetReconciler } from './reconcilers/dataset.ts';
import { createSamplesReconciler } from './reconcilers/samples.ts';
import { createUploadReconciler } from './reconcilers/upload.ts';
import { createVersionReconciler } from './reconcilers/version.ts';
import { followTenants, recordLineage } from './subscriptions.ts';

/** Datasets, immutable versions, mounts, contracts and lineage. */
export const catalog = defineService<CatalogPorts, typeof catalogRoutes>({
  name: 'catalog',
  routes: catalogRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: catalogConfig,
  create(services) {
    const { ports, clientFor, clock } = services;
    const context = { ports, clientFor, clock, config: loadConfig(catalogConfig, services.environment) };
    return {
      handlers: createHandlers(context),
      reconcilers: [createVersionReconciler(context), createUploadReconciler(context), createDatasetReconciler(context), createSamplesReconciler(context)],
      subscriptions: [recordLineage, followTenants]
    };
  }
});
export type { CatalogPorts, SampleDataset, SampleDatasets, Workspaces } from './ports.ts';
