export { lineagePlugins } from './plugin';
