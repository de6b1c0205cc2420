import { mkdir, readdir, readFile, rename, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { Layout } from './layout.ts';
import { ensureSecrets } from './secrets.ts';

/** Version of the data folder's layout; a newer one is refused. */
export const dataVersion = 1;

/** What the machine says; tests say something else. */
export interface MachineFacts {
  /** MiB that this user may still write where `folder` lies (or will lie). */
  freeMiB(folder: string): Promise<number>;
}

export const machineFacts: MachineFacts = {
  async freeMiB(folder) {
    const { bavail, bsize } = await statfs(await nearestExisting(folder));
    return Math.floor((bavail * bsize) / 1024 / 1024);
  }
};

export const neededMiB = 500;
const folders = ['run', 'secrets', 'hub', 'home', 'tenants', 'logs', 'backups'];
/** Folder of a restore that has not finished. */
export const restoringName = '.restoring';

/**
 * Checks a data folder before anything is written to it.
 * @throws invalid-state when it is not ours, half restored, or of a newer version; storage-full
 */
export async function checkDataFolder(layout: Layout, facts: MachineFacts = machineFacts): Promise<void> {
  const names = await readdir(layout.data).catch((): string[] => []);
  if (names.includes(restoringName)) throw new Problem('invalid-state', { detail: `A restore into ${layout.data} did not finish.`, hint: `Empty that folder and restore again.` });
  if (!names.includes('version')) assertNothingForeign(layout, names);
  const version = await readVersion(layout);
  if (version !== undefined && !(version <= dataVersion)) throw tooNew(layout, String(version));
  const freeMiB = await facts.freeMiB(layout.data);
  if (freeMiB < neededMiB)
    throw new Problem('storage-full', {
      detail: `Only ${freeMiB} MiB are free where the data lives (${layout.data}).`,
      hint: `Free at least ${neededMiB} MiB, or choose another folder with STRATALAB_DATA.`
    });
}

/** Makes folders (0700), secrets (0600) and the version file where they are missing; safe to interrupt and repeat. */
export async function prepareDataFolder(layout: Layout): Promise<void> {
  for (const folder of ['', ...folders]) await mkdir(join(layout.data, folder), { recursive: true, mode: 0o700 });
  await ensureSecrets(layout.secrets);
  if ((await readVersion(layout)) !== undefined) return;
  const path = join(layout.data, 'version');
  await writeFile(`${path}.new`, `${dataVersion}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Version the folder was written by; `undefined` for a new folder, `Infinity` for a text that is no number. */
export async function readVersion(layout: Layout): Promise<number | undefined> {
  const text = await readFile(join(layout.data, 'version'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const version = Number(text.trim());
  return Number.isInteger(version) && version > 0 ? version : Infinity;
}

export function tooNew(layout: Layout, found: string): Problem {
  return new Problem('invalid-state', {
    detail: `The data folder ${layout.data} was written by a newer Stratalab (${found}).`,
    hint: 'Use the newer Stratalab, or another folder with STRATALAB_DATA.'
  });
}

/** A folder that already holds other things is somebody's: STRATALAB_DATA=$HOME must not fill a home. */
function assertNothingForeign(layout: Layout, names: readonly string[]): void {
  const ours = new Set([...folders, 'postgres', 'version.new', 'lost+found']);
  const foreign = names.find(name => !ours.has(name) && !name.startsWith('postgres.new-'));
  if (foreign !== undefined)
    throw new Problem('invalid-state', {
      detail: `${layout.data} holds other things (${foreign}) and no Stratalab data.`,
      hint: 'Choose an empty or new folder with STRATALAB_DATA.'
    });
}

async function nearestExisting(folder: string): Promise<string> {
  const isThere = await readdir(folder).then(
    () => true,
    () => false
  );
  return isThere || folder === dirname(folder) ? folder : nearestExisting(dirname(folder));
}
