import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { backupCluster, locatePostgres, verifyCluster, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import { claimDataFolder, prepareDataFolder, runningSupervisor } from '../supervisor/data-folder.ts';
import type { Layout } from '../supervisor/layout.ts';

/** Parts of the data folder that make a whole installation; sockets, logs and older backups are left out. */
const parts = ['version', 'secrets', 'hub', 'home', 'objects', 'jobs'];

/** Writes the installation into one tar file, also while it runs: objects are immutable, the database copy is consistent and verified. */
export async function backup(layout: Layout, file: string | undefined): Promise<number> {
  if (file === undefined) throw new Problem('invalid-request', { detail: 'Say where to write the backup.', hint: 'npx stratalab backup stratalab.tar' });
  const target = resolve(file);
  const binaries = await locatePostgres(layout.venv);
  const wasRunning = (await runningSupervisor(layout)) !== undefined;
  const { paths, isStartedHere } = await startPostgres(binaries, layout.data);
  const copy = join(layout.data, 'backups', `postgres-${process.pid}`);
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
  try {
    await backupCluster(binaries, paths, copy);
    await tar(['-cf', `${target}.part`, '-C', dirname(copy), '--transform', `s,^${basename(copy)},postgres,`, basename(copy), '-C', layout.data, ...parts]);
    await rename(`${target}.part`, target);
  } finally {
    await rm(copy, { recursive: true, force: true });
    await rm(`${target}.part`, { force: true });
    if (isStartedHere && !wasRunning) await stopPostgres(layout.data);
  }
  process.stdout.write(`Backed up ${layout.data} to ${target}.\n`);
  return 0;
}

/** Puts a backup into an empty data folder; nothing is changed when the file is damaged. @throws conflict when the folder holds something */
export async function restore(layout: Layout, file: string | undefined): Promise<number> {
  if (file === undefined) throw new Problem('invalid-request', { detail: 'Say which backup to restore.', hint: 'npx stratalab restore stratalab.tar' });
  if ((await readdir(layout.data).catch(() => [])).length > 0) throw new Problem('conflict', { detail: `${layout.data} is not empty.`, hint: 'Restore into an empty folder: STRATALAB_DATA=/some/new/folder npx stratalab restore …' });
  const unfinished = `${layout.data}.restoring`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    await tar(['-xf', resolve(file), '-C', unfinished]);
    await verifyCluster(await locatePostgres(layout.venv), join(unfinished, 'postgres'));
    await rm(layout.data, { recursive: true, force: true });
    await rename(unfinished, layout.data);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  await prepareDataFolder(layout);
  const release = await claimDataFolder(layout);
  await release();
  process.stdout.write(`Restored ${file} to ${layout.data}.\n`);
  return 0;
}

function tar(args: readonly string[]): Promise<void> {
  return new Promise((done, reject) => {
    const child = spawn('tar', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('close', code => (code === 0 ? done() : reject(new Problem('invalid-input', { detail: `tar failed: ${complaint.trim().split('\n').at(-1) ?? ''}` }))));
  });
}
