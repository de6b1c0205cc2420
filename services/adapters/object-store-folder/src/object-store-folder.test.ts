import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appendFile, link, mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeObjectStore } from '@stratalab/kernel/conformance/object-store';
import { createFolderObjectStore, dropStagings, listPublished } from './index.ts';

const stagingId = (letter: string): string => letter.repeat(26);

describe('object-store-folder', () => {
  let dataFolder = '';
  const store = () => createFolderObjectStore({ dataFolder });
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-objects-'));
  });
  afterAll(() => rm(dataFolder, { recursive: true, force: true }));

  describeObjectStore(
    (() => {
      let shared: ReturnType<typeof createFolderObjectStore> | undefined;
      return () => (shared ??= store());
    })(),
    {
      test: (name, run) => void test(name, run),
      equal: (actual, expected) => expect(actual).toEqual(expected),
      rejects: (work, code) => expect(work).rejects.toMatchObject({ code })
    }
  );

  test('T18 a link out of the staging folder is refused and nothing is published', async () => {
    const place = { tenant: 'alpha', stagingId: stagingId('j'), key: 'datasets/j' };
    const folder = await store().stage(place);
    await symlink('/etc/passwd', join(folder, 'rows.csv'));
    await expect(store().publish(place)).rejects.toMatchObject({ code: 'invalid-input' });
    await rm(join(folder, 'rows.csv'));
    await symlink('/etc', join(folder, 'etc'));
    await expect(store().publish(place)).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await store().list(place)).toBeUndefined();
    await store().dropStaged(place);
    expect((await stat('/etc/passwd')).isFile()).toBe(true);
  });

  test('T18 a part is never written through a link', async () => {
    const place = { tenant: 'alpha', stagingId: stagingId('k') };
    const folder = await store().stage(place);
    const canary = join(dataFolder, 'canary');
    await writeFile(canary, '');
    await symlink(canary, join(folder, 'rows.csv'));
    const body = (async function* () {
      yield Buffer.from('x');
    })();
    await expect(store().append({ ...place, name: 'rows.csv', offset: 0, limitBytes: 10, body, signal: new AbortController().signal })).rejects.toMatchObject({ code: 'ELOOP' });
    expect(await readFile(canary, 'utf8')).toBe('');
  });

  test('an object cannot be written, not even through another name it had before', async () => {
    const place = { tenant: 'alpha', stagingId: stagingId('m'), key: 'datasets/m' };
    const folder = await store().stage(place);
    const outside = join(dataFolder, 'outside.csv');
    await writeFile(outside, 'a\n1\n');
    await mkdir(join(folder, 'deep'));
    await link(outside, join(folder, 'deep', 'rows.csv'));
    await store().publish(place);
    await appendFile(outside, 'changed\n');
    const path = join(store().localPath(place), 'deep', 'rows.csv');
    expect(await readFile(path, 'utf8')).toBe('a\n1\n');
    expect((await stat(path)).mode & 0o777).toBe(0o444);
    expect((await stat(join(store().localPath(place), 'deep'))).mode & 0o777).toBe(0o555);
    expect((await stat(store().localPath(place))).mode & 0o777).toBe(0o555);
    await store().remove(place);
  });

  test('what a killed process was making is dropped when it rests long enough, and nothing else', async () => {
    const root = await mkdtemp(join(tmpdir(), 'stratalab-stagings-'));
    const mine = createFolderObjectStore({ dataFolder: root });
    const old = new Date(Date.now() - 3_600_000);
    for (const [tenant, letter, time] of [
      ['alpha', 'z', old],
      ['alpha', 'y', old],
      ['beta', 'z', new Date()]
    ] as const) {
      const folder = await mine.stage({ tenant, stagingId: stagingId(letter) });
      await writeFile(join(folder, 'rows.csv'), 'a\n');
      for (const path of [join(folder, 'rows.csv'), folder]) await utimes(path, time, time);
    }
    await dropStagings(root, { mark: 'z', restingMs: 1_800_000 });
    const isThere = async (tenant: string, letter: string): Promise<boolean> => (await mine.listStaged({ tenant, stagingId: stagingId(letter) })) !== undefined;
    expect([await isThere('alpha', 'z'), await isThere('alpha', 'y'), await isThere('beta', 'z')]).toEqual([false, true, true]);
    await rm(root, { recursive: true, force: true });
  });

  test('what was published is told by its places, and what is not yet is not', async () => {
    const root = await mkdtemp(join(tmpdir(), 'stratalab-published-'));
    const mine = createFolderObjectStore({ dataFolder: root });
    for (const [letter, tenant, key] of [
      ['s', 'alpha', 'datasets/s'],
      ['t', 'alpha', 'models/versions/t'],
      ['u', 'beta', 'datasets/u']
    ] as const) {
      const folder = await mine.stage({ tenant, stagingId: stagingId(letter) });
      await mkdir(join(folder, 'deep'));
      await writeFile(join(folder, 'deep', 'rows.csv'), 'a\n');
      await mine.publish({ tenant, stagingId: stagingId(letter), key });
    }
    await mine.stage({ tenant: 'beta', stagingId: stagingId('v') });
    const alpha = [
      { tenant: 'alpha', key: 'datasets/s' },
      { tenant: 'alpha', key: 'models/versions/t' }
    ];
    expect(await Array.fromAsync(listPublished(root))).toEqual([...alpha, { tenant: 'beta', key: 'datasets/u' }]);
    expect(await Array.fromAsync(listPublished(root, 'alpha'))).toEqual(alpha);
    expect(await Array.fromAsync(listPublished(root, 'nobody'))).toEqual([]);
    for (const { tenant, key } of [...alpha, { tenant: 'beta', key: 'datasets/u' }]) await mine.remove({ tenant, key });
    await rm(root, { recursive: true, force: true });
  });

  test('a publication that was cut between the move and its end is finished by the next call', async () => {
    const place = { tenant: 'alpha', stagingId: stagingId('n'), key: 'datasets/n' };
    const target = store().localPath(place);
    await mkdir(target, { recursive: true });
    await writeFile(join(target, 'rows.csv'), 'a\n');
    expect(await store().publish(place)).toEqual([{ name: 'rows.csv', sizeBytes: 2 }]);
    expect((await stat(target)).mode & 0o777).toBe(0o555);
  });

  test('a staged file moves whole into another staging folder and replaces what had its name; no name leads out (T15)', async () => {
    const write = async (id: string, name: string, text: string): Promise<void> => {
      const body = (async function* () {
        yield Buffer.from(text);
      })();
      await store().append({ tenant: 'alpha', stagingId: id, name, offset: 0, limitBytes: 100, body, signal: new AbortController().signal });
    };
    const [from, to] = [stagingId('p'), stagingId('q')];
    await write(to, 'deep/rows.csv', 'before');
    await write(from, 'rows.csv', 'after');
    const move = { tenant: 'alpha', stagingId: from, name: 'rows.csv', toStagingId: to, toName: 'deep/rows.csv' };
    await store().moveStaged(move);
    expect(await store().listStaged({ tenant: 'alpha', stagingId: to })).toEqual([{ name: 'deep/rows.csv', sizeBytes: 5 }]);
    await expect(store().moveStaged(move)).rejects.toMatchObject({ code: 'not-found' });
    await expect(store().moveStaged({ ...move, toName: '../../objects/rows.csv' })).rejects.toMatchObject({ code: 'invalid-request' });
    await store().dropStaged({ tenant: 'alpha', stagingId: from });
    await store().dropStaged({ tenant: 'alpha', stagingId: to });
  });
});
