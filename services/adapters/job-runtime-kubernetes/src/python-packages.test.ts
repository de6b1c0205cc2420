import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packPackages } from './python-packages.ts';

const helper = fileURLToPath(new URL('../../../../extensions/python/src', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stratalab-packages-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const python = async (archive: string, code: string): Promise<string> =>
  (await promisify(execFile)('python3', ['-S', '-c', code], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: archive } })).stdout;

test('Python imports packages and their parts from the archive, with words that are not ASCII, and says where they are from', async () => {
  await mkdir(join(folder, 'source/pack/__pycache__'), { recursive: true });
  await writeFile(join(folder, 'source/pack/__init__.py'), 'from .part import word\n');
  await writeFile(join(folder, 'source/pack/part.py'), `word = "größer"\nempty = ${JSON.stringify('x'.repeat(100_000))}\n`);
  await writeFile(join(folder, 'source/pack/__pycache__/part.pyc'), 'stale');
  await writeFile(join(folder, 'source/notes.txt'), 'not a source');
  const archive = join(folder, 'packages.zip');
  const packed = await packPackages(join(folder, 'source'));
  await writeFile(archive, packed);
  expect(await python(archive, 'import pack; print(pack.word, len(pack.part.empty), pack.__file__)')).toBe(`größer 100000 ${archive}/pack/__init__.py\n`);
  expect(await python(archive, `import zipfile; z = zipfile.ZipFile(${JSON.stringify(archive)}); print(z.testzip(), z.namelist())`)).toBe(
    "None ['pack/__init__.py', 'pack/part.py']\n"
  );
  expect(await packPackages(join(folder, 'source'))).toEqual(packed);
});

test("the package of the platform's own helpers works from an archive", async () => {
  const archive = join(folder, 'helper.zip');
  await writeFile(archive, await packPackages(helper));
  expect(await python(archive, 'from stratalab import Connection, mount, progress; progress(0.5); print("ok")')).toBe('ok\n');
});
