import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { control } from '@stratalab/control';
import { locatePostgres, restoreDump, type PostgresBinaries } from '@stratalab/database-embedded';
import { mountService } from '@stratalab/kernel';
import { createTenant, createTestDatabase, createTestHost, fakeControlPorts, type TestDatabase, type TestHost } from '@stratalab/tooling';
import { copyBeforeUpgrade, type BeforeUpgradeParts } from './before-upgrade.ts';

const run = promisify(execFile);
const services = fileURLToPath(new URL('../../../', import.meta.url));

describe('before an upgrade of an installation on a server by URL', () => {
  let host: TestHost;
  let other: TestDatabase;
  let folder = '';
  let parts: BeforeUpgradeParts;
  let binaries: PostgresBinaries;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stratalab-before-upgrade-'));
    host = await createTestHost({ services: [mountService(control, { ...fakeControlPorts() })] });
    other = await createTestDatabase();
    await createTenant(host, 'acme');
    // As if this version were the one before: it knows what the database has seen.
    const known = join(folder, 'services');
    for (const service of ['kernel', 'control']) {
      await mkdir(join(known, service, 'migrations'), { recursive: true });
      for (const name of await readdir(join(services, service, 'migrations'))) await writeFile(join(known, service, 'migrations', name), '');
    }
    binaries = await locatePostgres(process.env['STRATALAB_VENV'] ?? join(services, '../.venv'), process.env['STRATALAB_TEST_SERVER'] === 'stock' ? 18 : 16);
    parts = { binariesFor: async () => binaries, url: host.databaseUrl, services: known, isAlways: false, backups: join(folder, 'backups') };
  });
  afterAll(async () => {
    await host.close();
    await other.drop();
    await rm(folder, { recursive: true, force: true });
  });

  test('nothing is copied when the version brings nothing new, nor for an empty database', async () => {
    expect(await copyBeforeUpgrade(parts)).toBeUndefined();
    expect(await copyBeforeUpgrade({ ...parts, url: other.url, isAlways: true })).toBeUndefined();
  });

  test('with a new migration the copy has the rows of every tenant, and the three newest stay', async () => {
    await writeFile(join(parts.services, 'control/migrations/9999-new.sql'), '');
    const copies = [];
    for (let time = 0; time < 4; time++) copies.push(await copyBeforeUpgrade(parts));
    expect(await readdir(parts.backups)).toEqual(copies.slice(1).map(copy => copy?.slice(parts.backups.length + 1)));

    await restoreDump(binaries, other.url, copies[3] ?? '');
    const { stdout } = await run(join(binaries.bin, 'psql'), ['-Atc', 'select name from control.tenant order by name', other.url], { env: { PGOPTIONS: '-c app.tenant=*' } });
    expect(stdout.trim().split('\n')).toEqual(['acme', 'demo']);
  });

  test('a database that knows more migrations than the version is refused', async () => {
    await rm(join(parts.services, 'control/migrations'), { recursive: true });
    await expect(copyBeforeUpgrade(parts)).rejects.toMatchObject({ code: 'invalid-state', message: expect.stringContaining('control/0001') });
  });
});
