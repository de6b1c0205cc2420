import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { locatePostgres, startPostgres, stopPostgres, verifyCluster } from '@stratalab/database-embedded';
import { readLayout, type Layout } from './layout.ts';
import { upgradeSchema, type UpgradeParts } from './upgrade.ts';

let layout: Layout;
let parts: UpgradeParts;
let services = '';
const said: string[] = [];

async function addMigration(name: string): Promise<void> {
  await mkdir(join(services, 'control/migrations'), { recursive: true });
  await writeFile(join(services, 'control/migrations', name), 'select 1');
}

beforeAll(async () => {
  layout = readLayout({ STRATALAB_DATA: await mkdtemp('/tmp/stratalab-upgrade-') });
  services = join(layout.data, 'services');
  await addMigration('0001-control.sql');
  await mkdir(join(layout.data, 'backups'));
  const binaries = await locatePostgres(layout.venv);
  const { paths } = await startPostgres(binaries, layout.data);
  parts = { binaries, paths, services, say: line => void said.push(line) };
});
afterAll(async () => {
  await stopPostgres(layout.data);
  await rm(layout.data, { recursive: true, force: true });
});

describe('upgrades', () => {
  test('a new installation and an unchanged one need no copy', async () => {
    expect(await upgradeSchema(layout, parts)).toBeUndefined();
    expect(await upgradeSchema(layout, parts)).toBeUndefined();
    expect(await readdir(join(layout.data, 'backups'))).toEqual([]);
  });

  test('a version with a new migration first takes a verified copy and says where it is; the three newest stay', async () => {
    for (const number of [2, 3, 4, 5]) {
      await addMigration(`000${number}-more.sql`);
      const copy = await upgradeSchema(layout, parts);
      await expect(verifyCluster(parts.binaries, copy ?? '')).resolves.toBeUndefined();
      expect(said.at(-1)).toContain(copy);
    }
    expect(await readdir(join(layout.data, 'backups'))).toHaveLength(3);
  });

  test('a database that knows more migrations than this version is refused', async () => {
    await rm(join(services, 'control/migrations/0005-more.sql'));
    await expect(upgradeSchema(layout, parts)).rejects.toMatchObject({ code: 'invalid-state', message: expect.stringContaining('0005-more.sql') });
  });
});
