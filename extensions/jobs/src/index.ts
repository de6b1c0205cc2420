export { jobsPlugins } from './plugin';
