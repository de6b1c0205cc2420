import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ensureDatabase } from './ensure-database.ts';
import { clusterPaths, type ClusterPaths } from './paths.ts';
import { checkServerByUrl } from './server-by-url.ts';
import { startPostgres } from './server.ts';
import { createTestClusters, type TestClusters } from './test-cluster.ts';

const run = promisify(execFile);
let clusters: TestClusters;
let paths: ClusterPaths;
let url = '';
beforeAll(async () => {
  clusters = await createTestClusters();
  const folder = await clusters.create();
  await startPostgres(clusters.binaries, folder);
  paths = clusterPaths(folder);
  url = await ensureDatabase(paths);
});
afterAll(() => clusters.close(), 60_000);

async function query(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("T36 the platform's own database", () => {
  test.each(['owner', 'stratalab'])('log-in as %s without a password is refused', async role => {
    const psql = run(join(clusters.binaries.bin, 'psql'), ['-h', paths.socket, '-p', '5432', '-U', role, '-w', '-c', 'select 1', 'postgres'], { env: {} });
    await expect(psql).rejects.toMatchObject({ stderr: expect.stringContaining('no password supplied') });
  });

  test('log-in with a wrong password is refused', async () => {
    const client = new pg.Client({ host: paths.socket, port: 5432, user: 'stratalab', password: 'guess', database: 'stratalab' });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  test('services log in as a role that is no superuser and makes neither roles nor databases', async () => {
    expect(await query('select rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication from pg_roles where rolname = current_user')).toEqual([
      { rolname: 'stratalab', rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false, rolreplication: false }
    ]);
    await expect(query("select pg_read_file('postgresql.conf')")).rejects.toMatchObject({ code: '42501' });
    await expect(query("copy (select 1) to program 'true'")).rejects.toMatchObject({ code: '42501' });
  });

  test('passwords and the socket are for the owner of the data folder alone', async () => {
    for (const path of [paths.password, paths.ownerPassword]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const path of [paths.socket, paths.cluster]) expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  test('a second call changes nothing, and vectors work', async () => {
    expect(await ensureDatabase(paths)).toBe(url);
    expect(await query("select '[1,2]'::vector <-> '[1,3]'::vector as distance")).toEqual([{ distance: 1 }]);
  });
});

describe('a server by URL', () => {
  test('is accepted when it is durable, has pgvector, and the role is no superuser', async () => {
    await expect(checkServerByUrl(url)).resolves.toBeUndefined();
  });

  test('is refused with the statement that mends it', async () => {
    await expect(checkServerByUrl(url.replace('/stratalab?', '/postgres?'))).rejects.toMatchObject({
      code: 'invalid-state',
      details: { hint: expect.stringContaining('create extension vector') }
    });
    await expect(checkServerByUrl('postgresql://stratalab:x@127.0.0.1:1/stratalab')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
