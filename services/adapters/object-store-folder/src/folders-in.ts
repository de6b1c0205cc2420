import { opendir } from 'node:fs/promises';
import { ignoreMissing } from './walk.ts';

/** Names of the folders directly in a folder, in their order; none when it does not exist. */
export async function foldersIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  const opened = await opendir(folder).catch(ignoreMissing);
  if (opened !== undefined) for await (const entry of opened) if (entry.isDirectory()) names.push(entry.name);
  return names.sort();
}
