import { constants } from 'node:fs';
import { chmod, copyFile, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Walk } from './walk.ts';

const copyName = '.stratalab-own-copy';

/**
 * Makes a folder immutable: no write bits anywhere below it, and every file on the disk.
 * A file that also has a name elsewhere gets bytes of its own first: who holds the other name could go on writing.
 */
export async function seal(root: string, walked: Walk): Promise<void> {
  for (const file of walked.files) {
    const path = join(root, ...file.name.split('/'));
    if (file.linkCount > 1) await ownCopy(root, path);
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      await handle.chmod(0o444);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  for (const folder of walked.folders) {
    if (folder !== root) await chmod(folder, 0o555);
  }
}

async function ownCopy(root: string, path: string): Promise<void> {
  const copy = join(root, copyName);
  await rm(copy, { force: true });
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  await rename(copy, path);
}

/** Gives the write bits of folders back, so that what is below can be removed. */
export async function unseal(walked: Walk): Promise<void> {
  for (const folder of [...walked.folders].reverse()) await chmod(folder, 0o755);
}

/** A rename is on the disk when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
