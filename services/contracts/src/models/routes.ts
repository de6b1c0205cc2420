import { modelRoutes } from './model-routes.ts';
import { runRoutes } from './run-routes.ts';

export const modelsRoutes = { ...runRoutes, ...modelRoutes };
