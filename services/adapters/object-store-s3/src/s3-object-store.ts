import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { newId, type ObjectPlace, type ObjectStore, type StoredFile } from '@stratalab/kernel';
import { createBucketKeys } from './bucket-keys.ts';
import type { Bucket } from './bucket.ts';
import { readManifest, writeManifest, type ManifestFile } from './manifest.ts';

/** An object store whose objects outlive the data volume. */
export interface S3ObjectStore extends ObjectStore {
  /** Copies what is published here to the bucket; idempotent. @returns false when the bucket has it already @throws not-found; unavailable */
  push(place: ObjectPlace): Promise<boolean>;
  /** Fetches what the bucket holds to the data volume; idempotent. @returns false when it is here already @throws as `materialize` */
  pull(place: ObjectPlace): Promise<boolean>;
  /** Every place the bucket holds whole, of one tenant where it is named. */
  inBucket(tenant?: string): AsyncIterable<ObjectPlace>;
}

export interface S3ObjectStoreParts {
  /** Staging, and objects as long as they are here; it checks every name. */
  readonly local: ObjectStore;
  readonly bucket: Bucket;
  /** Of every key in the bucket, with its slash. */
  readonly prefix: string;
}

const filesAtOnce = 4;
/** Begins the id of what is being fetched, unlike any other: what a process left behind when it was killed is found by it. */
export const fetchedMark = 'z';

/**
 * Objects in a bucket, with the data volume as their working copy: programs read files there, so nothing is mounted from S3. An object is published when both have it. What the
 * volume lost is read from the bucket, and comes back whole, with its checksums, before a program is told where it lies.
 */
export function createS3ObjectStore({ local, bucket, prefix }: S3ObjectStoreParts): S3ObjectStore {
  const keys = createBucketKeys(prefix);
  /** Of one object: its place is a file. */
  const objectKey = (place: ObjectPlace): string => keys.files(place).slice(0, -1);
  /** What is on its way here, by its path: who asks meanwhile waits for the same. */
  const coming = new Map<string, Promise<void>>();
  const manifestOf = async (place: ObjectPlace): Promise<readonly ManifestFile[] | undefined> => {
    const text = await bucket.getText(keys.manifest(place));
    return text === undefined ? undefined : readManifest(text)?.files;
  };
  const listInBucket = async (place: ObjectPlace): Promise<readonly StoredFile[] | undefined> => (await manifestOf(place))?.map(({ name, sizeBytes }) => ({ name, sizeBytes }));
  const send = async (place: ObjectPlace, files: readonly StoredFile[]): Promise<boolean> => {
    if ((await manifestOf(place)) !== undefined) return false;
    const sent: ManifestFile[] = [];
    await eachOf(files, async ({ name, sizeBytes }, index) => {
      const sha256 = await local.sha256({ ...place, key: `${place.key}/${name}` }, never);
      await bucket.putFile(keys.file(place, name), join(local.localPath(place), name), sizeBytes);
      sent[index] = { name, sizeBytes, sha256 };
    });
    await bucket.putText(keys.manifest(place), writeManifest(sent));
    return true;
  };
  const publishInBoth = async (place: Parameters<ObjectStore['publish']>[0]): Promise<readonly StoredFile[]> => {
    const files = await local.publish(place);
    await send(place, files);
    return files;
  };
  const demandFiles = async (place: ObjectPlace): Promise<readonly ManifestFile[]> => {
    const files = await manifestOf(place);
    if (files === undefined) throw new Problem('not-found', { detail: 'There is no such object.' });
    return files;
  };
  const bring = async (place: ObjectPlace): Promise<void> => {
    const files = await demandFiles(place);
    const staging = { tenant: place.tenant, stagingId: `${fetchedMark}${newId().slice(fetchedMark.length)}` };
    await local.stage(staging);
    try {
      await eachOf(files, async file => {
        const body = verified(bucket.stream(keys.file(place, file.name)), file);
        await local.append({ ...staging, name: file.name, offset: 0, limitBytes: file.sizeBytes, body, signal: never });
      });
      // What was removed while it came does not come back.
      await demandFiles(place);
      await local.publish({ ...staging, ...place });
    } finally {
      await local.dropStaged(staging);
    }
  };
  const pull = async (place: ObjectPlace): Promise<boolean> => {
    if ((await local.list(place)) !== undefined) return false;
    const path = local.localPath(place);
    const underWay = coming.get(path) ?? bring(place).finally(() => coming.delete(path));
    coming.set(path, underWay);
    await underWay;
    return true;
  };
  return {
    stage: place => local.stage(place),
    append: request => local.append(request),
    listStaged: place => local.listStaged(place),
    readStaged: slice => local.readStaged(slice),
    moveStaged: move => local.moveStaged(move),
    dropStaged: place => local.dropStaged(place),
    stagedAt: place => local.stagedAt(place),
    localPath: place => local.localPath(place),
    async push(place) {
      const files = await local.list(place);
      if (files === undefined) throw new Problem('not-found', { detail: 'There is nothing to send.' });
      return send(place, files);
    },
    pull,
    async *inBucket(tenant) {
      for await (const key of bucket.list(keys.manifests(tenant))) {
        const place = keys.placeOf(key);
        if (place !== undefined) yield place;
      }
    },
    publish: place => orFromBucket(publishInBoth(place), () => listInBucket(place)),
    list: async place => (await local.list(place)) ?? listInBucket(place),
    read: ({ offset, length, ...place }) => orFromBucket(local.read({ ...place, offset, length }), () => bucket.read(objectKey(place), offset, length)),
    sha256: (place, signal) => orFromBucket(local.sha256(place, signal), () => digest(bucket.stream(objectKey(place)), signal)),
    async materialize(place) {
      await pull(place);
      return local.localPath(place);
    },
    async remove(place) {
      local.localPath(place);
      await bucket.remove([keys.manifest(place)]);
      const left: string[] = [];
      for await (const key of bucket.list(keys.files(place))) left.push(key);
      await bucket.remove(left);
      await local.remove(place);
    }
  };
}

const never = new AbortController().signal;

/** What is not here may be in the bucket. @throws not-found when it is in neither */
async function orFromBucket<T>(here: Promise<T>, there: () => Promise<T | undefined>): Promise<T> {
  try {
    return await here;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const found = await there();
    if (found === undefined) throw error;
    return found;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Problem && error.code === 'not-found';
}

/** Several at once; after a failure no other is begun, and it is thrown when none is under way any more. */
async function eachOf<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const left = items.entries();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (failures.length > 0) return;
      await work(item, index).catch(error => void failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: filesAtOnce }, worker));
  if (failures.length > 0) throw failures[0];
}

async function digest(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** The bytes as they come. @throws invalid-input at their end, when they are not those that were sent */
async function* verified(body: AsyncIterable<Uint8Array>, { name, sizeBytes, sha256 }: ManifestFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let received = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    received += chunk.length;
    if (received > sizeBytes) break;
    yield chunk;
  }
  if (received === sizeBytes && hash.digest('hex') === sha256) return;
  throw new Problem('invalid-input', {
    detail: `The copy of '${name}' in the bucket is damaged.`,
    hint: 'Bring an earlier version of this object back in the bucket, then try again.'
  });
}
