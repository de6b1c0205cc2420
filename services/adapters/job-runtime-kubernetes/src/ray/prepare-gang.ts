import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gangRequestPath, jobPaths, rayGangPrograms, writeGangRequest } from '@stratalab/job-runtime-local';
import type { JobStart } from '@stratalab/kernel';
import { jobEnvironment } from '../job-environment.ts';
import { processResource } from '../manifests/ray-cluster.ts';
import { tokenFolder } from '../manifests/volcano-job.ts';
import { handOver, makeFolders } from '../prepare-folders.ts';
import type { Site } from '../site.ts';

/** Makes the folders the pods mount, and in the attempt's own folder the driver of the gang, what it starts processes with, and its request. */
export async function prepareGang(request: JobStart, site: Site): Promise<void> {
  await makeFolders(request, site);
  const paths = jobPaths(site.dataFolder, request);
  const folder = paths.attempt(request.attempt);
  await writeGangRequest(request, paths, {
    programs: folder,
    bundle: { [processResource]: 1 },
    strategy: 'STRICT_SPREAD',
    environment: jobEnvironment(request, site),
    token: { source: join(tokenFolder, 'token'), file: '/run/stratalab/private/token' }
  });
  for (const program of rayGangPrograms) {
    const copy = join(folder, basename(program));
    await copyFile(program, copy);
    await handOver(copy, site);
  }
  await handOver(gangRequestPath(paths, request.attempt), site);
}
