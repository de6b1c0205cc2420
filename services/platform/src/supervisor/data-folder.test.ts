import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { claimDataFolder, runningSupervisor } from './claim.ts';
import { checkDataFolder, dataVersion, neededMiB, prepareDataFolder, restoringName } from './data-folder.ts';
import { readLayout, type Layout } from './layout.ts';
import { exposedSecrets } from './secrets.ts';

let parent = '';
let layout: Layout;
let count = 0;
beforeAll(async () => {
  parent = await mkdtemp('/tmp/stratalab-data-');
});
beforeEach(() => {
  count += 1;
  layout = readLayout({ STRATALAB_DATA: join(parent, String(count)) });
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const claimModule = new URL('./claim.ts', import.meta.url).href;
const roomy = { freeMiB: async (): Promise<number> => neededMiB };

describe('a data folder', () => {
  test('is made with secrets for its owner alone, and a second call changes nothing', async () => {
    await checkDataFolder(layout, roomy);
    await prepareDataFolder(layout);
    const secrets = await readdir(layout.secrets);
    const times = await Promise.all(secrets.map(async name => (await stat(join(layout.secrets, name))).mtimeMs));
    await prepareDataFolder(layout);
    expect(secrets.sort()).toEqual(['cookie-secret', 'hub-service-token', 'internal-key', 'proxy-token']);
    for (const name of secrets) expect((await stat(join(layout.secrets, name))).mode & 0o777).toBe(0o600);
    expect(await Promise.all((await readdir(layout.secrets)).map(async name => (await stat(join(layout.secrets, name))).mtimeMs))).toEqual(times);
    expect((await stat(layout.data)).mode & 0o777).toBe(0o700);
  });

  test('secrets that became readable for others are closed again', async () => {
    await prepareDataFolder(layout);
    await chmod(join(layout.secrets, 'internal-key'), 0o644);
    expect(await exposedSecrets(layout.secrets)).toEqual(['internal-key']);
    await prepareDataFolder(layout);
    expect(await exposedSecrets(layout.secrets)).toEqual([]);
  });

  test.each([String(dataVersion + 1), 'two'])("of version '%s' is refused and left as it is", async version => {
    await mkdir(layout.data);
    await writeFile(join(layout.data, 'version'), version);
    await expect(checkDataFolder(layout, roomy)).rejects.toMatchObject({ code: 'invalid-state', message: expect.stringContaining('newer Stratalab') });
    expect(await readdir(layout.data)).toEqual(['version']);
  });

  test('F30 a full disk is refused with the numbers before anything is written', async () => {
    await expect(checkDataFolder(layout, { freeMiB: async () => neededMiB - 1 })).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringContaining(`${neededMiB - 1} MiB`)
    });
    expect(await readdir(parent)).not.toContain(String(count));
  });

  test("somebody's own folder is not filled", async () => {
    await mkdir(layout.data);
    await writeFile(join(layout.data, 'thesis.tex'), '');
    await expect(checkDataFolder(layout, roomy)).rejects.toMatchObject({ code: 'invalid-state', message: expect.stringContaining('thesis.tex') });
  });

  test('a restore that did not finish is never started', async () => {
    await mkdir(join(layout.data, restoringName), { recursive: true });
    await expect(checkDataFolder(layout, roomy)).rejects.toMatchObject({ code: 'invalid-state', message: expect.stringContaining('did not finish') });
  });
});

describe('F13 the claim of a data folder', () => {
  test('is refused while somebody has it, and free afterwards', async () => {
    const release = await claimDataFolder(layout);
    await expect(claimDataFolder(layout)).rejects.toMatchObject({ code: 'in-use', message: expect.stringContaining(String(process.pid)) });
    expect(await runningSupervisor(layout)).toBe(process.pid);
    await release();
    expect(await runningSupervisor(layout)).toBeUndefined();
    await (
      await claimDataFolder(layout)
    )();
  });

  test('falls free when its process is killed, and exactly one of many gets it then', async () => {
    const script = `import { claimDataFolder } from '${claimModule}'; await claimDataFolder({ data: '', run: process.argv[1] }); console.log('claimed'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script, layout.run], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    await expect(claimDataFolder(layout)).rejects.toMatchObject({ code: 'in-use', message: expect.stringContaining(String(holder.pid)) });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => claimDataFolder(layout)));
    const taken = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    expect(taken).toHaveLength(1);
    await taken[0]?.();
  });

  test('does not count when the pid now belongs to a process that started later', async () => {
    await mkdir(layout.run, { recursive: true });
    await writeFile(join(layout.run, 'supervisor.pid'), `${process.pid}\n1\n`);
    expect(await runningSupervisor(layout)).toBeUndefined();
    await (
      await claimDataFolder(layout)
    )();
  });
});
