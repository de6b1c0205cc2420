export { createLocalJobRuntime, type LocalJobRuntimeOptions } from './local-job-runtime.ts';
export { jobPaths, type JobPaths } from './paths.ts';
export { readLogFile } from './read-log.ts';
export { stageOutputFolder } from './stage-output.ts';
export { gangEnd } from './observe-gang.ts';
export { askGangToEnd, gangRequestPath, hasGang, rayGangPrograms, readGangFiles, writeGangRequest, type GangFiles, type GangPlace, type GangResult } from './ray-gang.ts';
