import { join } from 'node:path';
import { foldersIn } from './folders-in.ts';
import { removeFolder } from './remove-folder.ts';
import { lastChange } from './staging.ts';
import { walk } from './walk.ts';

/** Removes staging folders whose id begins with `mark` and that nothing was written to for so long: who made them is gone. */
export async function dropStagings(dataFolder: string, { mark, restingMs }: { readonly mark: string; readonly restingMs: number }): Promise<void> {
  const tenants = join(dataFolder, 'tenants');
  for (const tenant of await foldersIn(tenants)) {
    const stagings = join(tenants, tenant, 'staging');
    for (const id of await foldersIn(stagings)) {
      if (!id.startsWith(mark)) continue;
      const folder = join(stagings, id);
      const names = (await walk(folder))?.files.map(({ name }) => name) ?? [];
      const changed = await lastChange(folder, names);
      if (changed !== undefined && Date.now() - changed.getTime() > restingMs) await removeFolder(folder);
    }
  }
}
