import { controlRoutes } from './control/index.ts';
import { agentsRoutes } from './agents/index.ts';
import { catalogRoutes } from './catalog/index.ts';
import { computeRoutes } from './compute/index.ts';
import { modelsRoutes } from './models/index.ts';
import { pipelinesRoutes } from './pipelines/index.ts';
import { servingRoutes } from './serving/index.ts';
import type { RouteTable } from './route.ts';

/** The route table of every service: source of OpenAPI, the permission reference and the generated tests. */
export const tablesByService: Readonly<Record<string, RouteTable>> = {
  control: controlRoutes,
  catalog: catalogRoutes,
  compute: computeRoutes,
  models: modelsRoutes,
  serving: servingRoutes,
  agents: agentsRoutes,
  pipelines: pipelinesRoutes
};
