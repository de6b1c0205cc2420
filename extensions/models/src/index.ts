export { modelsPlugins } from './plugin';
