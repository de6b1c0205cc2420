export { dataPlugins } from './plugin';
