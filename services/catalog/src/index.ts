import { catalogRoutes } from '@stratalab/contracts/catalog';
import { defineService } from '@stratalab/kernel';
import { catalogConfig } from './config.ts';
import type { CatalogPorts } from './ports.ts';

/** Datasets, immutable versions, mounts, contracts and lineage. */
export const catalog = defineService<CatalogPorts, typeof catalogRoutes>({
  name: 'catalog',
  routes: catalogRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: catalogConfig,
  create: () => ({ handlers: {} })
});
export type { CatalogPorts } from './ports.ts';
