export { pipelinesRoutes } from './routes.ts';
