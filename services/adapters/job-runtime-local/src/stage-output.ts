import { lstat, mkdir, readdir, realpath, rename } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { JobPaths } from './paths.ts';

/**
 * Moves an output folder to its staging place by renaming it. The job made the folder and may have put a link in its way: only a real folder at
 * exactly this place is taken. What is in it is checked by whoever publishes it.
 */
export async function stageOutputFolder(paths: JobPaths, output: { readonly name: string; readonly stagingId: string }): Promise<boolean> {
  const from = paths.output(output.name);
  const to = paths.staging(output.stagingId);
  if ((await lstat(to).catch(() => undefined)) !== undefined) return true;
  const facts = await lstat(from).catch(() => undefined);
  if (facts === undefined) return false;
  const [home, folder] = await Promise.all([realpath(paths.home), realpath(from)]);
  if (!facts.isDirectory() || relative(home, folder) !== `outputs${sep}${output.name}`) {
    throw new Problem('invalid-input', { detail: `The output '${output.name}' is not a plain folder.`, hint: 'Write files into the folder that is there; do not replace it.' });
  }
  if ((await readdir(from)).length === 0) return false;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  return true;
}
