export { agentsPlugins } from './plugin';
