import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { dumpDatabase, type PostgresBinaries } from '@stratalab/database-embedded';
import { inspectDatabase } from '@stratalab/database-postgres';
import { listMigrations } from './upgrade.ts';

export interface BeforeUpgradeParts {
  readonly url: string;
  /** Folder that gets the copies. */
  readonly backups: string;
  /** Programs for a server of a major version: at least as new, and such that the server understands what they write. */
  readonly binariesFor: (majorVersion: number) => Promise<PostgresBinaries>;
  /** Folder with the services of the version that is about to run. */
  readonly services: string;
  /** Takes a copy even when this version changes nothing. */
  readonly isAlways: boolean;
}

const keptCopies = 3;
const prefix = 'before-upgrade-';
/** Row-level security shows everything to the platform itself. */
const everyRow = 'app.tenant=*';

/**
 * Takes a copy of a database by URL before this version brings migrations it has not seen; the platform then applies them as it starts. Safe to repeat: the newest
 * three copies stay, and an interrupted one leaves nothing.
 * @returns the file of the copy; `undefined` when there is nothing to copy
 * @throws invalid-state when the database has migrations this version does not know
 */
export async function copyBeforeUpgrade({ url, backups, binariesFor, services, isAlways }: BeforeUpgradeParts): Promise<string | undefined> {
  const ours = await listMigrations(services);
  const { majorVersion, migrations: seen } = await inspectDatabase(url);
  const unknown = seen.find(migration => !ours.includes(migration));
  if (unknown !== undefined) {
    throw new Problem('invalid-state', {
      detail: `The database was used by a newer Stratalab (it knows ${unknown}).`,
      hint: 'Install that version again, or restore the copy that was taken before it was installed.'
    });
  }
  if (seen.length === 0 || (ours.length === seen.length && !isAlways)) return undefined;
  await mkdir(backups, { recursive: true, mode: 0o700 });
  const copy = join(backups, `${prefix}${new Date().toISOString().replace(/[:.]/g, '-')}.dump`);
  const unfinished = `${copy}.unfinished`;
  try {
    await dumpDatabase(await binariesFor(majorVersion), url, unfinished, { everyRow });
    await rename(unfinished, copy);
  } finally {
    await rm(unfinished, { force: true });
  }
  const copies = (await readdir(backups)).filter(name => name.startsWith(prefix) && name.endsWith('.dump')).sort();
  for (const name of copies.slice(0, -keptCopies)) await rm(join(backups, name));
  return copy;
}
