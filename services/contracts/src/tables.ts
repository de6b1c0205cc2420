import { controlRoutes } from './control/index.ts';
import type { RouteTable } from './route.ts';

/** The route table of every service: source of OpenAPI, the permission reference and the generated tests. */
export const tablesByService: Readonly<Record<string, RouteTable>> = {
  control: controlRoutes
};
