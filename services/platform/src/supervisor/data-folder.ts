import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { Layout } from './layout.ts';

/** Version of the data folder's layout; a newer one is refused, an older one is upgraded after a backup. */
export const dataVersion = 1;

const secretNames = ['internal-key', 'hub-service-token', 'proxy-token'] as const;
const neededMiB = 500;

/**
 * Makes the data folder ready: folders (0700), secrets (0600), version.
 * @throws storage-full; invalid-state when the folder was written by a newer version
 */
export async function prepareDataFolder(layout: Layout): Promise<void> {
  for (const folder of ['', 'run', 'secrets', 'hub', 'home', 'objects', 'jobs', 'logs', 'backups']) await mkdir(join(layout.data, folder), { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(layout.data);
  const freeMiB = (bavail * bsize) / 1024 / 1024;
  if (freeMiB < neededMiB) throw new Problem('storage-full', { detail: `Only ${Math.floor(freeMiB)} MiB are free where the data lives (${layout.data}).`, hint: `Free at least ${neededMiB} MiB, or choose another folder with STRATALAB_DATA.` });
  await checkVersion(layout);
  for (const name of secretNames) await ensureSecret(join(layout.secrets, name), randomBytes(48).toString('base64url'));
  await ensureSecret(join(layout.secrets, 'cookie-secret'), randomBytes(32).toString('hex'));
}

async function checkVersion(layout: Layout): Promise<void> {
  const path = join(layout.data, 'version');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    await writeFile(`${path}.new`, `${dataVersion}\n`);
    await rename(`${path}.new`, path);
    return;
  }
  const found = Number(text.trim());
  if (!(found <= dataVersion)) {
    throw new Problem('invalid-state', { detail: `The data folder has version ${text.trim()}; this Stratalab knows up to ${dataVersion}.`, hint: 'Use the newer Stratalab that wrote it, or another folder with STRATALAB_DATA.' });
  }
}

async function ensureSecret(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Takes the data folder for this process.
 * @throws in-use naming the living process that has it; a dead one's claim is taken over
 */
export async function claimDataFolder(layout: Layout): Promise<() => Promise<void>> {
  const path = join(layout.run, 'supervisor.pid');
  const release = (): Promise<void> => rm(path, { force: true });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return release;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (await isSupervisor(pid)) throw new Problem('in-use', { detail: `The data folder ${layout.data} is in use by the process ${pid}.`, hint: `Open the running Stratalab, or stop it first: kill ${pid}` });
    await release();
  }
  throw new Problem('in-use', { detail: `The data folder ${layout.data} is being claimed by another process.` });
}

/** Pid of the supervisor that has the folder; `undefined` when none runs. */
export async function runningSupervisor(layout: Layout): Promise<number | undefined> {
  const pid = Number(await readFile(join(layout.run, 'supervisor.pid'), 'utf8').catch(() => '0'));
  return (await isSupervisor(pid)) ? pid : undefined;
}

/** A pid is reused sooner or later: it counts only when that process is one of ours. */
async function isSupervisor(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid < 2 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || command.includes('cli.ts');
}
