export { createLocalJobRuntime, type LocalJobRuntimeOptions } from './local-job-runtime.ts';
export { jobPaths, type JobPaths } from './paths.ts';
export { readLogFile } from './read-log.ts';
export { stageOutputFolder } from './stage-output.ts';
