import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalMounts } from './index.ts';

const signal = new AbortController().signal;

describe('mounts-local', () => {
  let dataFolder = '';
  let target = '';
  let home = '';
  const mounts = () => createLocalMounts({ dataFolder });
  const copy = (path: string, folder: string, limitBytes = 1_000) => mounts().copyFolder({ user: 'ann', path, folder, limitBytes, signal });
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-mounts-'));
    target = join(dataFolder, 'tenants/demo/objects/datasets/x');
    home = join(dataFolder, 'home/ann');
    await mkdir(target, { recursive: true });
    await mkdir(join(home, 'data/deep'), { recursive: true });
    await mkdir(join(home, 'data/.ipynb_checkpoints'));
    await writeFile(join(target, 'rows.csv'), 'a\n1\n');
    await writeFile(join(home, 'data/b.csv'), 'b\n');
    await writeFile(join(home, 'data/deep/a.csv'), 'a\n12\n');
    await writeFile(join(dataFolder, 'secret'), 'secret');
  });
  afterAll(() => rm(dataFolder, { recursive: true, force: true }));

  test('a mount is a link in ~/datasets; making it twice is fine, taking it away twice too', async () => {
    const mount = { user: 'ann', mountName: 'flights@1', target };
    await mounts().link(mount);
    await mounts().link(mount);
    expect(await readFile(join(home, 'datasets/flights@1/rows.csv'), 'utf8')).toBe('a\n1\n');
    expect((await lstat(join(home, 'datasets/flights@1'))).isSymbolicLink()).toBe(true);
    await mounts().unlink({ ...mount, target: '/elsewhere' });
    expect(await readlink(join(home, 'datasets/flights@1'))).toBe(target);
    await mounts().unlink(mount);
    await mounts().unlink(mount);
    expect(await readdir(join(home, 'datasets'))).toEqual([]);
    await mounts().unlink({ ...mount, user: 'nobody' });
  });

  test('what a person put there is neither replaced nor removed', async () => {
    await writeFile(join(home, 'datasets/own@1'), 'mine');
    await expect(mounts().link({ user: 'ann', mountName: 'own@1', target })).rejects.toMatchObject({ code: 'already-exists' });
    await mounts().unlink({ user: 'ann', mountName: 'own@1', target });
    expect(await readFile(join(home, 'datasets/own@1'), 'utf8')).toBe('mine');
  });

  test('T18 a link in the place of ~/datasets does not choose where we write', async () => {
    const elsewhere = join(dataFolder, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(join(dataFolder, 'home/eve'), { recursive: true });
    await symlink(elsewhere, join(dataFolder, 'home/eve/datasets'));
    await expect(mounts().link({ user: 'eve', mountName: 'x@1', target })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await readdir(elsewhere)).toEqual([]);
  });

  test('T15 mount names and paths that lead elsewhere are refused', async () => {
    for (const mountName of ['../x@1', 'a/b@1', '@1', 'x', 'x@0', '..@1']) {
      await expect(mounts().link({ user: 'ann', mountName, target })).rejects.toMatchObject({ code: 'invalid-request' });
    }
    for (const path of ['../eve', '/etc/passwd', 'data/../../secret', '', '/', '..', 'data//b.csv', 'data/\u0000', '~/../x']) {
      await expect(mounts().inspectFolder({ user: 'ann', path })).rejects.toMatchObject({ code: 'invalid-request' });
    }
    await expect(mounts().inspectFolder({ user: 'ann', path: 'nowhere/x' })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('files of a folder are listed and copied, hidden ones left out', async () => {
    const files = [
      { name: 'b.csv', sizeBytes: 2 },
      { name: 'deep/a.csv', sizeBytes: 5 }
    ];
    expect(await mounts().inspectFolder({ user: 'ann', path: 'data' })).toEqual(files);
    expect(await mounts().inspectFolder({ user: 'ann', path: '~/data/' })).toEqual(files);
    expect(await mounts().inspectFolder({ user: 'ann', path: 'data/b.csv' })).toEqual([{ name: 'b.csv', sizeBytes: 2 }]);
    const folder = join(dataFolder, 'copy');
    await copy('data', folder);
    expect(await readFile(join(folder, 'deep/a.csv'), 'utf8')).toBe('a\n12\n');
    await expect(copy('data', join(dataFolder, 'small'), 3)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('T18 links, also in the middle of a path, and pipes are refused', async () => {
    await mkdir(join(home, 'bad'));
    await symlink('../../../secret', join(home, 'bad/rows.csv'));
    await expect(mounts().inspectFolder({ user: 'ann', path: 'bad' })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(mounts().inspectFolder({ user: 'ann', path: 'bad/rows.csv' })).rejects.toMatchObject({ code: 'invalid-input' });
    await symlink(dataFolder, join(home, 'up'));
    await expect(mounts().inspectFolder({ user: 'ann', path: 'up/secret' })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(copy('up/secret', join(dataFolder, 'stolen'))).rejects.toMatchObject({ code: 'invalid-input' });
    await mkdir(join(home, 'pipes'));
    execFileSync('mkfifo', [join(home, 'pipes/p')]);
    await expect(mounts().inspectFolder({ user: 'ann', path: 'pipes' })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
