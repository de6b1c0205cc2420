import { randomBytes } from 'node:crypto';
import { access, chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { PostgresBinaries } from './locate.ts';
import type { ClusterPaths } from './paths.ts';
import { runServerProgram } from './run-as.ts';

/**
 * Makes an empty cluster with page checksums and password log-in for every role; does nothing when there is one.
 * initdb fills a folder beside the final one, so an interrupted first start leaves nothing half made.
 * @throws unavailable with initdb's last words
 */
export async function ensureCluster(binaries: PostgresBinaries, paths: ClusterPaths): Promise<void> {
  await ensurePassword(paths.ownerPassword);
  await ensurePassword(paths.password);
  if (await isCluster(paths.cluster)) return;
  const unfinished = `${paths.cluster}.new-${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    const options = ['-U', 'owner', '--data-checksums', '--auth=scram-sha-256', `--pwfile=${paths.ownerPassword}`, '--encoding=UTF8', '--locale=C.UTF-8'];
    const { code, output } = await runServerProgram(join(binaries.bin, 'initdb'), ['-D', unfinished, ...options]);
    if (code !== 0) throw new Problem('unavailable', { detail: `The database could not be created: ${output.trim().split('\n').at(-1) ?? ''}` });
    await rename(unfinished, paths.cluster).catch(async (error: unknown) => {
      // Another process made one in the meantime: that one counts.
      if (!(await isCluster(paths.cluster))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function isCluster(folder: string): Promise<boolean> {
  return access(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false
  );
}

async function ensurePassword(path: string): Promise<void> {
  await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await chmod(path, 0o600);
}
