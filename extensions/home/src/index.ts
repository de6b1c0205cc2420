export { commandIds, homePlugins } from './plugin';
