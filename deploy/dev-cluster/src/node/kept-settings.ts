import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';

/** Kernel settings that kubelet changes for the whole machine. */
const names = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'];
const fileOf = (cluster: Cluster): string => join(cluster.settings.state, 'kernel-settings.json');
const pathOf = (name: string): string => join('/proc/sys', name);

/** Remembers the settings as they are before the first start. */
export async function keepSettings(cluster: Cluster): Promise<void> {
  if (existsSync(fileOf(cluster))) return;
  const kept = await Promise.all(names.map(async name => [name, (await readFile(pathOf(name), 'utf8')).trim()] as const));
  await writeFile(fileOf(cluster), JSON.stringify(Object.fromEntries(kept)));
}

/** Puts them back. */
export async function restoreSettings(cluster: Cluster): Promise<void> {
  if (!existsSync(fileOf(cluster))) return;
  const kept: Readonly<Record<string, string>> = JSON.parse(await readFile(fileOf(cluster), 'utf8'));
  for (const [name, value] of Object.entries(kept)) {
    // A kernel may not let us write what is already so.
    if ((await readFile(pathOf(name), 'utf8')).trim() !== value) await writeFile(pathOf(name), value);
  }
  await rm(fileOf(cluster));
}
