import { readFile } from 'node:fs/promises';
import { Problem } from '@stratalab/contracts';
import type { Bucket } from '../bucket.ts';

/** A bucket in memory that can be made to fail; the real one is tested against an S3 beside the dev cluster. */
export interface MemoryBucket extends Bucket {
  readonly objects: Map<string, Uint8Array>;
  /** So many calls are answered, every further one fails; `undefined` heals it. */
  failAfter(calls: number | undefined): void;
}

export function createMemoryBucket(): MemoryBucket {
  const objects = new Map<string, Uint8Array>();
  let left = Infinity;
  const answer = async (): Promise<void> => {
    left -= 1;
    if (left < 0) throw new Problem('unavailable', { detail: 'The bucket is away.' });
  };
  return {
    objects,
    failAfter: calls => void (left = calls ?? Infinity),
    async putFile(key, path) {
      await answer();
      objects.set(key, await readFile(path));
    },
    async putText(key, text) {
      await answer();
      objects.set(key, Buffer.from(text));
    },
    async getText(key) {
      await answer();
      const found = objects.get(key);
      return found === undefined ? undefined : Buffer.from(found).toString();
    },
    async read(key, offset, length) {
      await answer();
      return objects.get(key)?.slice(offset, offset + length);
    },
    async *stream(key) {
      await answer();
      const found = objects.get(key);
      if (found === undefined) throw new Problem('not-found');
      yield found;
    },
    async *list(prefix) {
      await answer();
      yield* [...objects.keys()].filter(key => key.startsWith(prefix)).sort();
    },
    async remove(keys) {
      await answer();
      for (const key of keys) objects.delete(key);
    }
  };
}
