import { existsSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { restoreSettings } from './kept-settings.ts';

/** Gives back what kubelet leaves on the machine after its end: kernel settings, and empty cgroup folders of its pods. */
export async function cleanNode(cluster: Cluster): Promise<void> {
  if (cluster.tier !== 't3') return;
  await restoreSettings(cluster);
  const controllers = await readdir('/sys/fs/cgroup');
  for (const root of ['/sys/fs/cgroup', ...controllers.map(name => join('/sys/fs/cgroup', name))]) await removeFolders(join(root, 'kubepods'));
}

/** Cgroup folders hold files that cannot be removed; taking the folders away, deepest first, is the way. */
async function removeFolders(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory()) await removeFolders(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}
