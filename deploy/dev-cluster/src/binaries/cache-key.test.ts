import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { components } from '../components.ts';
import { cacheKey } from './cache-key.ts';
import { takeCached } from './take-cached.ts';

describe('the key of a build', () => {
  const [component] = components;
  if (component === undefined) throw new Error('There are no components.');
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stratalab-key-'));
    await writeFile(join(folder, 'go.mod'), 'module a\n');
    await writeFile(join(folder, 'go.sum'), '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('changes with every input and with nothing else', async () => {
    const key = await cacheKey(component, folder, 'go1');
    expect(await cacheKey(component, folder, 'go1')).toBe(key);
    expect(await cacheKey(component, folder, 'go2')).not.toBe(key);
    expect(await cacheKey({ ...component, ldflags: [] }, folder, 'go1')).not.toBe(key);
    await mkdir(join(folder, 'apis-local'));
    await writeFile(join(folder, 'apis-local/made.go'), 'package made\n');
    expect(await cacheKey(component, folder, 'go1')).toBe(key);
    await writeFile(join(folder, 'go.mod'), 'module b\n');
    expect(await cacheKey(component, folder, 'go1')).not.toBe(key);
  });

  test('a cached binary of other sources is left alone', async () => {
    const request = { component, folder, cache: folder, target: join(folder, 'target') };
    await writeFile(join(folder, `${component.name}.zst`), 'never read');
    expect(await takeCached({ ...request, key: 'wanted', known: { key: 'other', sha256: '' } })).toBe(false);
    expect(await takeCached({ ...request, key: 'wanted', known: undefined })).toBe(false);
  });

  test('a damaged cached binary is not taken, and leaves nothing behind', async () => {
    await writeFile(join(folder, `${component.name}.zst`), 'no archive');
    expect(await takeCached({ component, folder, cache: folder, target: join(folder, 'target'), key: 'wanted', known: { key: 'wanted', sha256: '' } })).toBe(false);
    expect((await readdir(folder)).filter(name => name.startsWith('target'))).toEqual([]);
  });
});
