import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jobPaths } from '@stratalab/job-runtime-local';
import type { JobStart } from '@stratalab/kernel';
import { jobEnvironment } from './job-environment.ts';
import { packagesFile, packPackages } from './python-packages.ts';
import type { Site } from './site.ts';

/** Python of the pods: `pod.py` becomes a process of the job, `mpi.py` starts MPI across them. */
const podFolder = fileURLToPath(new URL('../pod/', import.meta.url));
const programs = ['pod.py', 'mpi.py'] as const;

/**
 * Makes the folders a pod mounts, and in the attempt's own folder the program and the request. Only these leaf folders are visible to the job, so nothing it did
 * in an earlier attempt can lead what is written here astray.
 */
export async function prepareFolders(request: JobStart, site: Site): Promise<void> {
  const paths = jobPaths(site.dataFolder, request);
  const attempt = paths.attempt(request.attempt);
  await makeFolders(request, site);
  const { launcher, processes, fileName, code, mounts, outputs } = request;
  const words = {
    ...{ jobId: request.jobId, attempt: request.attempt, home: paths.home, logs: paths.logs, memoryMiB: request.perProcess.memoryMiB },
    ...{ launcher, processes, fileName, code, mounts, outputs, arguments: request.arguments, environment: jobEnvironment(request, site) }
  };
  for (const name of programs) await copyFile(join(podFolder, name), join(attempt, name));
  await writeFile(join(attempt, 'request.json'), JSON.stringify(words), { mode: 0o640 });
  for (const name of [...programs, 'request.json']) await handOver(join(attempt, name), site);
}

/** The leaf folders a pod of the attempt mounts, its user's, with the packages it can import. */
export async function makeFolders(request: JobStart, site: Site): Promise<void> {
  const paths = jobPaths(site.dataFolder, request);
  await mkdir(join(site.dataFolder, 'tenants', request.tenant, 'objects'), { recursive: true });
  for (const folder of [paths.home, paths.logs, paths.attempt(request.attempt)]) {
    await mkdir(folder, { recursive: true, mode: 0o770 });
    await chmod(folder, 0o2770);
    await handOver(folder, site);
  }
  if (site.pythonPackages === undefined) return;
  const packages = join(paths.attempt(request.attempt), packagesFile);
  await writeFile(packages, await packed(site.pythonPackages), { mode: 0o640 });
  await handOver(packages, site);
}

const archives = new Map<string, Promise<Buffer>>();

/** Packed once per process: the packages are part of the platform and change with it. */
function packed(folder: string): Promise<Buffer> {
  const known = archives.get(folder) ?? packPackages(folder);
  archives.set(folder, known);
  known.catch(() => archives.delete(folder));
  return known;
}

/** Where this process may: what it made belongs to the user of the pods. */
export async function handOver(path: string, { user }: Site): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, user.uid, user.gid);
}
