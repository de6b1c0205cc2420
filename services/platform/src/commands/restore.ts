import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { locatePostgres, verifyCluster } from '@stratalab/database-embedded';
import { readArchive } from '../supervisor/archive.ts';
import { checkDataFolder, prepareDataFolder, restoringName } from '../supervisor/data-folder.ts';
import type { Layout } from '../supervisor/layout.ts';

/**
 * Puts a backup into an empty data folder; a damaged file changes nothing.
 * It is unpacked and checked beside its final place; `version` moves last, so an interrupted restore is never started.
 * @throws conflict when the folder holds something; invalid-input when the backup is damaged; invalid-state when it is newer
 */
export async function restore(layout: Layout, file: string | undefined): Promise<number> {
  if (file === undefined) throw new Problem('invalid-request', { detail: 'Say which backup to restore.', hint: 'npx stratalab restore stratalab.backup' });
  if ((await readdir(layout.data).catch((): string[] => [])).length > 0)
    throw new Problem('conflict', { detail: `${layout.data} is not empty.`, hint: 'Restore into an empty folder: STRATALAB_DATA=/some/new/folder npx stratalab restore …' });
  const unfinished = join(layout.data, restoringName);
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    await readArchive(resolve(file), unfinished);
    await verifyCluster(await locatePostgres(layout.venv), join(unfinished, 'postgres'));
    await checkDataFolder({ ...layout, data: unfinished });
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  const names = (await readdir(unfinished)).filter(name => name !== 'version');
  for (const name of [...names, 'version']) await rename(join(unfinished, name), join(layout.data, name));
  await rm(unfinished, { recursive: true });
  await prepareDataFolder(layout);
  process.stdout.write(`Restored ${file} to ${layout.data}.\n`);
  return 0;
}
