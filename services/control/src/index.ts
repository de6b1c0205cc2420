import { controlRoutes } from '@stratalab/contracts/control';
import { defineService, loadConfig } from '@stratalab/kernel';
import { controlConfig } from './config.ts';
import { serveAdministrationPage } from './admin-page/surface.ts';
import { createHandlers } from './http.ts';
import type { ControlPorts } from './ports.ts';
import { createPlaceReconciler } from './reconcilers/tenant-place.ts';
import { createTenantReconciler } from './reconcilers/tenant.ts';
import { seedSampleTenant } from './usecases/seed-sample-tenant.ts';

/** Tenants, members, quotas, access keys, audit and usage. */
export const control = defineService<ControlPorts, typeof controlRoutes>({
  name: 'control',
  routes: controlRoutes,
  migrations: new URL('../migrations/', import.meta.url),
  config: controlConfig,
  create: context => {
    const { administrationPage, places } = context.ports;
    const config = loadConfig(controlConfig, context.environment);
    const placeReconcilers = places === undefined ? [] : [createPlaceReconciler({ places, clock: context.clock, checkMs: config.STRATALAB_PLACE_CHECK_SECONDS * 1000 })];
    return {
      handlers: createHandlers(context, config),
      reconcilers: [createTenantReconciler(context.ports), ...placeReconcilers],
      ...(administrationPage === undefined ? {} : { surface: (app, parts) => serveAdministrationPage(app, parts, administrationPage) }),
      start: async () => {
        if (loadConfig(controlConfig, context.environment).STRATALAB_SAMPLE_TENANT) await seedSampleTenant(context.database, context.ports);
      }
    };
  }
});
export type { AdministrationPage, ControlPorts, Machine, PageFiles, People, PromotedFile, PromotedFolder, PromotedPiece, PromotionFolder, SignIn } from './ports.ts';
