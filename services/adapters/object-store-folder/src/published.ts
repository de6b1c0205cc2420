import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectPlace } from '@stratalab/kernel';
import { foldersIn } from './folders-in.ts';
import { ignoreMissing } from './walk.ts';

const writeBits = 0o222;

/** Every place that was published in a data folder, of one tenant where it is named. A place is a folder without write bits; folders above it hold nothing but folders. */
export async function* listPublished(dataFolder: string, tenant?: string): AsyncGenerator<ObjectPlace> {
  const tenants = tenant === undefined ? await foldersIn(join(dataFolder, 'tenants')) : [tenant];
  for (const name of tenants) yield* below(join(dataFolder, 'tenants', name, 'objects'), name, '');
}

async function* below(folder: string, tenant: string, prefix: string): AsyncGenerator<ObjectPlace> {
  for (const name of await foldersIn(folder)) {
    const path = join(folder, name);
    const facts = await lstat(path).catch(ignoreMissing);
    if (facts === undefined) continue;
    const key = `${prefix}${name}`;
    if ((facts.mode & writeBits) === 0) yield { tenant, key };
    else yield* below(path, tenant, `${key}/`);
  }
}
