import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { backupCluster, locatePostgres, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import type { Environment } from '../config.ts';
import { writeArchive } from '../supervisor/archive.ts';
import { claimDataFolder, runningSupervisor } from '../supervisor/claim.ts';
import { copyHubState } from '../supervisor/copy-hub-state.ts';
import { checkDataFolder, readVersion } from '../supervisor/data-folder.ts';
import type { Layout } from '../supervisor/layout.ts';

/** What a copy is made of first (database, Hub), and what a backup leaves out because the next start makes it. */
const copied = ['postgres', 'hub'];
const leftOut = ['run', 'logs', 'backups'];

/**
 * Writes the installation into one file, also while it runs: the database copy is consistent and verified, objects never change.
 * @throws conflict for an installation on a server by URL, whose database only its administrator can copy
 */
export async function backup(layout: Layout, file: string | undefined, environment: Environment): Promise<number> {
  if (file === undefined) throw new Problem('invalid-request', { detail: 'Say where to write the backup.', hint: 'npx stratalab backup stratalab.backup' });
  if ((environment['DATABASE_URL'] ?? '') !== '')
    throw new Problem('conflict', { detail: 'The database of this installation is a server by URL.', hint: 'Back that server up with its own tools, then copy the data folder.' });
  if ((await readVersion(layout)) === undefined)
    throw new Problem('not-found', { detail: `There is no installation in ${layout.data}.`, hint: 'Say where it is with STRATALAB_DATA.' });
  await checkDataFolder(layout);
  const release = (await runningSupervisor(layout)) === undefined ? await claimDataFolder(layout) : undefined;
  try {
    await writeBackup(layout, resolve(file));
  } finally {
    await release?.();
  }
  process.stdout.write(`Backed up ${layout.data} to ${resolve(file)}.\n`);
  return 0;
}

async function writeBackup(layout: Layout, target: string): Promise<void> {
  const binaries = await locatePostgres(layout.venv);
  const { paths, isStartedHere } = await startPostgres(binaries, layout.data);
  await mkdir(join(layout.data, 'backups'), { recursive: true, mode: 0o700 });
  const copy = await mkdtemp(join(layout.data, 'backups/unfinished-'));
  try {
    await backupCluster(binaries, paths, join(copy, 'postgres'));
    await copyHubState(join(layout.data, 'hub'), join(copy, 'hub'));
    const rest = (await readdir(layout.data)).filter(name => !copied.includes(name) && !leftOut.includes(name));
    await writeArchive(target, [
      { folder: copy, names: copied },
      { folder: layout.data, names: rest }
    ]);
  } finally {
    await rm(copy, { recursive: true, force: true });
    if (isStartedHere) await stopPostgres(layout.data);
  }
}
