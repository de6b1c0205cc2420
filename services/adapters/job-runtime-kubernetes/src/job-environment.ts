import { join } from 'node:path';
import { jobPaths } from '@stratalab/job-runtime-local';
import type { JobStart } from '@stratalab/kernel';
import { packagesFile } from './python-packages.ts';
import type { Site } from './site.ts';

/**
 * Variables of a job in a pod, however it is started there, and the same as on one machine: its own, and the packages of the platform after those it brings.
 * What only the pod knows (folders, rank, credential, what its image adds) is added there.
 */
export function jobEnvironment(request: JobStart, { dataFolder, pythonPackages }: Site): Record<string, string> {
  const { environment, tenant, jobId, perProcess } = request;
  const offered = pythonPackages === undefined ? '' : join(jobPaths(dataFolder, request).attempt(request.attempt), packagesFile);
  const pythonPath = [environment['PYTHONPATH'] ?? '', offered].filter(part => part !== '');
  return {
    LANG: 'C.UTF-8',
    USER: 'stratalab',
    PYTHONUNBUFFERED: '1',
    OMP_NUM_THREADS: String(Math.max(1, Math.floor(perProcess.cpu))),
    ...environment,
    ...(pythonPath.length === 0 ? {} : { PYTHONPATH: pythonPath.join(':') }),
    STRATALAB_TENANT: tenant,
    STRATALAB_JOB_ID: jobId
  };
}
