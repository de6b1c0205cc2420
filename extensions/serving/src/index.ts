export { servingPlugins } from './plugin';
