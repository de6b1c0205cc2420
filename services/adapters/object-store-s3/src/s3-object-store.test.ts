import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeObjectStore } from '@stratalab/kernel/conformance/object-store';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import type { Bucket } from './bucket.ts';
import { createMemoryBucket, type MemoryBucket } from './testing/memory-bucket.ts';
import { createS3ObjectStore, type S3ObjectStore } from './s3-object-store.ts';

const prefix = 'stratalab/';
const tenant = 'alpha';
const stagingId = 'a'.repeat(26);
const place = { tenant, key: 'datasets/d' };
const { signal } = new AbortController();
const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-s3-'));
  folders.push(folder);
  return folder;
}

afterAll(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))));

describe('object-store-s3', () => {
  let bucket: MemoryBucket;
  let store: S3ObjectStore;
  /** The same installation with another data volume: what was on the last one is lost. */
  const afterLoss = async (): Promise<S3ObjectStore> => createS3ObjectStore({ local: createFolderObjectStore({ dataFolder: await newFolder() }), bucket, prefix });
  const publish = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      const body = (async function* () {
        yield Buffer.from(text);
      })();
      await store.append({ tenant, stagingId, name, offset: 0, limitBytes: 1_000, body, signal });
    }
    await store.publish({ ...place, stagingId });
  };
  beforeEach(async () => {
    bucket = createMemoryBucket();
    store = await afterLoss();
  });

  describe('is an object store', () => {
    const shared = { store: undefined as S3ObjectStore | undefined };
    beforeEach(() => {
      shared.store ??= store;
    });
    describeObjectStore(() => shared.store ?? store, {
      test: (name, run) => void test(name, run),
      equal: (actual, expected) => expect(actual).toEqual(expected),
      rejects: (work, code) => expect(work).rejects.toMatchObject({ code })
    });
  });

  test('what is published is in the bucket under its own name, with a manifest that is written last', async () => {
    await publish({ 'a.csv': 'a\n1\n', 'deep/b.csv': 'b\n' });
    const keys = [...bucket.objects.keys()];
    expect(keys.pop()).toBe('stratalab/manifests/alpha/datasets/d.json');
    expect(keys.sort()).toEqual(['stratalab/tenants/alpha/datasets/d/a.csv', 'stratalab/tenants/alpha/datasets/d/deep/b.csv']);
    expect(await Array.fromAsync(store.inBucket())).toEqual([place]);
    expect(await Array.fromAsync(store.inBucket('alph'))).toEqual([]);
  });

  test('after the loss of the data volume everything can be listed, read and published again, and comes back whole', async () => {
    await publish({ 'a.csv': 'a\n1\n', 'deep/b.csv': 'b\n' });
    const files = await store.list(place);
    const other = await afterLoss();
    expect(await other.list(place)).toEqual(files);
    expect(await other.publish({ ...place, stagingId })).toEqual(files);
    expect(Buffer.from(await other.read({ tenant, key: 'datasets/d/a.csv', offset: 2, length: 1 })).toString()).toBe('1');
    expect(await other.sha256({ tenant, key: 'datasets/d/a.csv' }, signal)).toBe(await store.sha256({ tenant, key: 'datasets/d/a.csv' }, signal));
    const paths = await Promise.all([other.materialize(place), other.materialize(place)]);
    expect(paths).toEqual([other.localPath(place), other.localPath(place)]);
    expect(await readFile(join(other.localPath(place), 'deep/b.csv'), 'utf8')).toBe('b\n');
    expect([await other.pull(place), await other.push(place)]).toEqual([false, false]);
  });

  test('F: a bucket that goes away while it is sent loses nothing: the next publication goes on', async () => {
    bucket.failAfter(2);
    await expect(publish({ 'a.csv': 'a\n', 'b.csv': 'b\n' })).rejects.toMatchObject({ code: 'unavailable' });
    bucket.failAfter(undefined);
    expect(await Array.fromAsync(store.inBucket())).toEqual([]);
    expect(await (await afterLoss()).list(place)).toBeUndefined();
    expect(await store.publish({ ...place, stagingId })).toHaveLength(2);
    expect(await Array.fromAsync(store.inBucket())).toEqual([place]);
  });

  test('F: a bucket that goes away while it is fetched leaves nothing half here', async () => {
    await publish({ 'a.csv': 'a\n', 'b.csv': 'b\n' });
    const other = await afterLoss();
    bucket.failAfter(2);
    await expect(other.materialize(place)).rejects.toMatchObject({ code: 'unavailable' });
    bucket.failAfter(undefined);
    await expect(readFile(join(other.localPath(place), 'a.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(join(await other.materialize(place), 'a.csv'), 'utf8')).toBe('a\n');
  });

  test.each([
    ['changed', 'x\n'],
    ['cut', ''],
    ['longer', 'a\nmore']
  ])('a copy that is %s in the bucket is never handed to a program', async (_how, text) => {
    await publish({ 'a.csv': 'a\n' });
    const other = await afterLoss();
    bucket.objects.set('stratalab/tenants/alpha/datasets/d/a.csv', Buffer.from(text));
    await expect(other.materialize(place)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(readFile(join(other.localPath(place), 'a.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('T15 a manifest that others wrote leads nowhere', async () => {
    const files = [{ name: '../../../../escaped', sizeBytes: 1, sha256: '0'.repeat(64) }];
    bucket.objects.set('stratalab/manifests/alpha/datasets/d.json', Buffer.from(JSON.stringify({ format: 1, files })));
    bucket.objects.set('stratalab/tenants/alpha/datasets/d/../../../../escaped', Buffer.from('x'));
    await expect(store.materialize(place)).rejects.toMatchObject({ code: 'invalid-request' });
    bucket.objects.set('stratalab/manifests/alpha/datasets/d.json', Buffer.from('{"format":2}'));
    await expect(store.materialize(place)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('what is removed is gone in both, and nothing else is', async () => {
    await publish({ 'a.csv': 'a\n' });
    bucket.objects.set('stratalab/tenants/alpha/datasets/d2/a.csv', Buffer.from('other'));
    await store.remove(place);
    await store.remove(place);
    expect([...bucket.objects.keys()]).toEqual(['stratalab/tenants/alpha/datasets/d2/a.csv']);
    expect(await store.list(place)).toBeUndefined();
  });

  test('what is removed while it is fetched does not come back', async () => {
    await publish({ 'a.csv': 'a\n' });
    const local = createFolderObjectStore({ dataFolder: await newFolder() });
    const removing: Bucket = {
      ...bucket,
      async *stream(key) {
        yield* bucket.stream(key);
        await store.remove(place);
      }
    };
    await expect(createS3ObjectStore({ local, bucket: removing, prefix }).materialize(place)).rejects.toMatchObject({ code: 'not-found' });
    expect(await local.list(place)).toBeUndefined();
  });

  test('what was published before there was a bucket is sent when somebody asks', async () => {
    const dataFolder = await newFolder();
    const plain = createFolderObjectStore({ dataFolder });
    await plain.stage({ tenant, stagingId });
    const body = (async function* () {
      yield Buffer.from('a\n');
    })();
    await plain.append({ tenant, stagingId, name: 'a.csv', offset: 0, limitBytes: 10, body, signal });
    await plain.publish({ ...place, stagingId });
    const later = createS3ObjectStore({ local: plain, bucket, prefix });
    expect([await later.push(place), await later.push(place)]).toEqual([true, false]);
    await expect(later.push({ tenant, key: 'datasets/none' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await (await afterLoss()).list(place)).toEqual([{ name: 'a.csv', sizeBytes: 2 }]);
  });
});
