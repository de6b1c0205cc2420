export { adminPlugins } from './plugin';
