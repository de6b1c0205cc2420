export { homePlugins } from './plugin';
