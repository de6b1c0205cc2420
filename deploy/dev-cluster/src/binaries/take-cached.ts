import { chmod, readFile, rename, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress } from 'node:zlib';
import type { Component } from '../components.ts';
import { digestOf, isGenuine } from './genuine.ts';

/** The cached files were compressed with a window of 128 MiB. */
const windowLog = 27;

export interface KnownBinary {
  /** `cacheKey` of the sources it was built from. */
  readonly key: string;
  /** SHA-256 of the unpacked file. */
  readonly sha256: string;
}

/** What builds are known to make, committed beside the sources. */
export async function readKnownBinaries(file: string): Promise<Readonly<Record<string, KnownBinary>>> {
  const known: Readonly<Record<string, KnownBinary>> = JSON.parse(await readFile(file, 'utf8'));
  return known;
}

export interface CachedRequest {
  readonly component: Component;
  readonly folder: string;
  readonly key: string;
  readonly known: KnownBinary | undefined;
  readonly cache: string | undefined;
  readonly target: string;
}

/** Unpacks a binary from the cache if, and only if, it is what a build of these sources makes. @returns false when it must be built */
export async function takeCached({ component, folder, key, known, cache, target }: CachedRequest): Promise<boolean> {
  const packed = cache === undefined ? undefined : join(cache, `${component.name}.zst`);
  if (packed === undefined || known?.key !== key || !existsSync(packed)) return false;
  const temporary = `${target}.${process.pid}.unpacking`;
  try {
    await pipeline(createReadStream(packed), createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: windowLog } }), createWriteStream(temporary));
    if ((await digestOf(temporary)) !== known.sha256 || !(await isGenuine(temporary, component, folder))) return false;
    await chmod(temporary, 0o755);
    await rename(temporary, target);
    return true;
  } catch {
    // A damaged cache is no reason to stop: the build makes the same file.
    return false;
  } finally {
    await rm(temporary, { force: true });
  }
}
