import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeObjectStore } from '@stratalab/kernel/conformance/object-store';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createBucket, createS3ObjectStore, type BucketSettings, type S3ObjectStore } from '@stratalab/object-store-s3';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../cluster.ts';
import { tryProgram } from '../run-program.ts';
import { up } from '../up.ts';
import { signed } from './object-store.test-support.ts';
import { readObjectStoreAccess } from './object-store.ts';

const cli = fileURLToPath(new URL('../../../../services/platform/src/cli.ts', import.meta.url));
const prefix = 'lab/';
const tenant = 'alpha';
const { signal } = new AbortController();

/** The bucket of an installation on a real S3: the same suite as every object store, large files, many files, refusals, and what operators run. */
export function describeBucket(cluster: () => Cluster): void {
  describe('objects in a bucket', () => {
    let folder = '';
    let settings: BucketSettings;
    const keys = async (name: string, secret: string, id: string): Promise<string> => {
      const path = join(folder, name);
      await mkdir(path, { mode: 0o700 });
      // As people write files: with a line feed at the end.
      await writeFile(join(path, 'access-key-id'), `${id}\n`);
      await writeFile(join(path, 'secret-access-key'), `${secret}\n`);
      return path;
    };
    const storeOn = (dataFolder: string): S3ObjectStore => createS3ObjectStore({ local: createFolderObjectStore({ dataFolder }), bucket: createBucket(settings), prefix });
    const stratalab = (words: readonly string[], environment: Readonly<Record<string, string>>) =>
      tryProgram(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...words], {
        environment: {
          STRATALAB_S3_BUCKET: 'objects',
          STRATALAB_S3_ENDPOINT: settings.endpoint ?? '',
          STRATALAB_S3_CREDENTIALS: settings.credentials ?? '',
          ...environment
        }
      });
    const publish = async (store: S3ObjectStore, letter: string, files: Readonly<Record<string, Uint8Array>>): Promise<{ readonly tenant: string; readonly key: string }> => {
      const staging = { tenant, stagingId: letter.repeat(26) };
      const path = await store.stage(staging);
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
      const place = { tenant, key: `datasets/${letter}` };
      await store.publish({ ...staging, ...place });
      return place;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stratalab-bucket-'));
      await up(cluster(), () => undefined, { hasObjectStore: true });
      const access = await readObjectStoreAccess(cluster());
      await signed(access, 'PUT', '/objects');
      const credentials = await keys('keys', access.secretAccessKey, access.accessKeyId);
      settings = { name: 'objects', endpoint: access.endpoint, region: access.region, isPathStyle: true, credentials };
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    describe('is an object store', () => {
      const shared: { store?: S3ObjectStore } = {};
      describeObjectStore(() => (shared.store ??= storeOn(join(folder, 'conformance'))), {
        test: (name, run) => void test(name, run),
        equal: (actual, expected) => expect(actual).toEqual(expected),
        rejects: (work, code) => expect(work).rejects.toMatchObject({ code })
      });
    });

    test('a file of several parts, an empty one and one of an awkward name are read from it, and come back after the loss of the data volume', async () => {
      const large = randomBytes(40 * 2 ** 20);
      const place = await publish(storeOn(join(folder, 'first')), 'l', { 'large.bin': large, empty: new Uint8Array(), 'größer & (1)+%.csv': Buffer.from('a\n') });
      const other = storeOn(join(folder, 'second'));
      expect(await other.list(place)).toEqual([
        { name: 'empty', sizeBytes: 0 },
        { name: 'größer & (1)+%.csv', sizeBytes: 2 },
        { name: 'large.bin', sizeBytes: large.length }
      ]);
      const file = { tenant, key: `${place.key}/large.bin` };
      expect(Buffer.from(await other.read({ ...file, offset: 20_000_000, length: 5 })).equals(large.subarray(20_000_000, 20_000_005))).toBe(true);
      expect(await other.read({ ...file, offset: large.length, length: 5 })).toHaveLength(0);
      expect(await other.sha256(file, signal)).toBe(createHash('sha256').update(large).digest('hex'));
      const path = await other.materialize(place);
      expect((await readFile(join(path, 'large.bin'))).equals(large)).toBe(true);
      expect(await readFile(join(path, 'größer & (1)+%.csv'), 'utf8')).toBe('a\n');
      await other.remove(place);
      expect(await storeOn(join(folder, 'third')).list(place)).toBeUndefined();
    }, 120_000);

    test('more files than one page lists, or one request removes, are all removed', async () => {
      const bucket = createBucket(settings);
      const names = Array.from({ length: 1_005 }, (_unused, index) => `many/${10_000 + index}`);
      for (let from = 0; from < names.length; from += 50) await Promise.all(names.slice(from, from + 50).map(name => bucket.putText(name, 'x')));
      expect(await Array.fromAsync(bucket.list('many/'))).toEqual(names);
      await bucket.remove([...names, 'many/never-there']);
      expect(await Array.fromAsync(bucket.list('many/'))).toEqual([]);
    }, 120_000);

    test('an S3 that refuses or does not answer is said in words without its keys', async () => {
      const { secretAccessKey, accessKeyId } = await readObjectStoreAccess(cluster());
      const wrong = await keys('wrong', 'guessed', accessKeyId);
      const refusals: readonly (readonly [Partial<BucketSettings>, string])[] = [
        [{ name: 'no-such-bucket' }, 'NoSuchBucket'],
        [{ credentials: wrong }, 'SignatureDoesNotMatch'],
        [{ endpoint: 'http://127.0.0.1:1' }, "The bucket 'objects' cannot be used now"],
        [{ credentials: join(folder, 'nowhere') }, 'its keys cannot be read']
      ];
      for (const [change, reason] of refusals) {
        const bucket = createBucket({ ...settings, ...change });
        for (const work of [() => bucket.getText('a'), () => bucket.read('a', 0, 1), () => bucket.putText('a', 'b'), () => Array.fromAsync(bucket.list(''))]) {
          const problem = await work().then(
            () => undefined,
            (error: unknown) => error
          );
          expect(problem).toMatchObject({ code: 'unavailable', message: expect.stringContaining(reason) });
          expect(JSON.stringify(problem)).not.toContain(secretAccessKey);
        }
      }
    }, 60_000);

    test('the doctor tries a bucket and leaves nothing in it', async () => {
      const findingOf = async (environment: Readonly<Record<string, string>>): Promise<unknown> => {
        const { output } = await stratalab(['doctor', '--json'], { STRATALAB_DATA: join(folder, 'doctor'), STRATALAB_S3_PREFIX: 'doctor/', ...environment });
        return unsafeFindings(JSON.parse(output)).find(({ name }) => name === 'Bucket');
      };
      expect(await findingOf({})).toMatchObject({ level: 'ok', message: 'objects can be read, written, listed and cleared' });
      expect(await Array.fromAsync(createBucket(settings).list('doctor/'))).toEqual([]);
      expect(await findingOf({ STRATALAB_S3_BUCKET: 'no-such-bucket' })).toMatchObject({ level: 'fail', message: expect.stringContaining('NoSuchBucket') });
      expect(await findingOf({ STRATALAB_S3_BUCKET: '' })).toMatchObject({ level: 'ok' });
    }, 120_000);

    test('operators send what was published before there was a bucket, and fill an empty data volume from it', async () => {
      const data = join(folder, 'before');
      const plain = createFolderObjectStore({ dataFolder: data });
      for (const letter of ['x', 'y']) {
        await writeFile(join(await plain.stage({ tenant, stagingId: letter.repeat(26) }), 'rows.csv'), `${letter}\n`);
        await plain.publish({ tenant, stagingId: letter.repeat(26), key: `datasets/${letter}` });
      }
      const run = (dataFolder: string, direction: string, more: Readonly<Record<string, string>> = {}) =>
        stratalab(['objects', direction], { STRATALAB_DATA: dataFolder, STRATALAB_S3_PREFIX: 'before/', ...more });
      expect(await run(data, 'push')).toMatchObject({ code: 0, output: 'alpha/datasets/x\nalpha/datasets/y\n2 sent, 0 there already, 0 failed.\n' });
      expect(await run(data, 'push')).toMatchObject({ code: 0, output: '0 sent, 2 there already, 0 failed.\n' });
      const empty = join(folder, 'after');
      expect(await run(empty, 'pull')).toMatchObject({ code: 0, output: 'alpha/datasets/x\nalpha/datasets/y\n2 fetched, 0 there already, 0 failed.\n' });
      const { localPath } = createFolderObjectStore({ dataFolder: empty });
      expect(await readFile(join(localPath({ tenant, key: 'datasets/x' }), 'rows.csv'), 'utf8')).toBe('x\n');
      expect(await run(empty, 'pull')).toMatchObject({ code: 0, output: '0 fetched, 2 there already, 0 failed.\n' });
      expect(await run(data, 'sideways')).toMatchObject({ code: 1, errors: expect.stringContaining('npx stratalab objects push') });
      expect(await run(data, 'push', { STRATALAB_S3_BUCKET: '' })).toMatchObject({ code: 1, errors: expect.stringContaining('STRATALAB_S3_BUCKET') });
      expect(await run(data, 'pull', { STRATALAB_S3_ENDPOINT: 'http://127.0.0.1:1' })).toMatchObject({ code: 1, errors: expect.stringContaining('ECONNREFUSED') });
      expect(await run(data, 'pull', { STRATALAB_S3_BUCKET: 'no-such-bucket' })).toMatchObject({ code: 1, errors: expect.stringContaining('NoSuchBucket') });
    }, 120_000);
  });
}

/** What `doctor --json` prints. */
function unsafeFindings(value: unknown): readonly { readonly name: string }[] {
  return value as readonly { readonly name: string }[];
}
