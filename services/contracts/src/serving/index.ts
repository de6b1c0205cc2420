export { servingRoutes } from './routes.ts';
