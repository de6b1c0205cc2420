import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import JSZip from 'jszip';

/** Name of the file in the folder of an attempt; Python imports from it as from a folder. */
export const packagesFile = 'packages.zip';

/** The first day the format knows: when a source was written tells nothing. */
const date = new Date('1980-01-01T00:00:00Z');

/** A folder with Python packages as one archive, the same bytes for the same sources; only sources are taken. */
export async function packPackages(folder: string): Promise<Buffer> {
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.py')).sort();
  const archive = new JSZip();
  for (const name of names) archive.file(name, await readFile(join(folder, name)), { date, createFolders: false });
  return archive.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', compressionOptions: { level: 9 }, platform: 'UNIX' });
}
