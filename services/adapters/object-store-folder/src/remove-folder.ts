import { rm } from 'node:fs/promises';
import { Problem } from '@stratalab/contracts';
import { unseal } from './seal.ts';
import { ignoreMissing, walk } from './walk.ts';

/** Removes a folder with everything below it, published or not; idempotent. */
export async function removeFolder(folder: string): Promise<void> {
  const walked = await walk(folder).catch(error => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
  if (walked !== undefined) await unseal(walked).catch(ignoreMissing);
  await rm(folder, { recursive: true, force: true });
}
