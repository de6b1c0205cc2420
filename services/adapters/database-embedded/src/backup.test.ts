import { appendFile, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { backupCluster, dumpDatabase, restoreDump, verifyCluster } from './backup.ts';
import { ensureDatabase } from './ensure-database.ts';
import { keepPostgresRunning } from './keep-running.ts';
import { readLockHolder } from './lock-file.ts';
import { clusterPaths } from './paths.ts';
import { isPostgresRunning, startPostgres } from './server.ts';
import { createTestClusters, type TestClusters } from './test-cluster.ts';

/** 100 in the long run: STRATALAB_TEST_KILLS=100. */
const kills = Number(process.env['STRATALAB_TEST_KILLS'] ?? 20);
let clusters: TestClusters;
beforeAll(async () => {
  clusters = await createTestClusters();
});
afterAll(() => clusters.close(), 60_000);

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Writes rows one commit at a time until `signal`; `acknowledged` remembers what the server acknowledged. Survives every kill. */
async function writeUntil(signal: AbortSignal, url: string, acknowledged: number[], first: number): Promise<void> {
  let next = first;
  while (!signal.aborted) {
    await onDatabase(url, async client => {
      while (!signal.aborted) {
        const { rows } = await client.query<{ id: number }>('insert into kept values ($1) on conflict (id) do update set id = excluded.id returning id', [next]);
        acknowledged.push(rows[0]?.id ?? -1);
        next += 1;
      }
    }).catch(() => pause(20));
  }
}

async function idsIn(url: string): Promise<ReadonlySet<number>> {
  return onDatabase(url, async client => new Set((await client.query<{ id: number }>('select id from kept')).rows.map(row => row.id)));
}

describe('F14 kill -9 under load', () => {
  test(`after ${kills} kills of the postmaster or a backend every acknowledged row is there, and the base backup starts`, async () => {
    const folder = await clusters.create();
    const { paths } = await startPostgres(clusters.binaries, folder);
    const url = await ensureDatabase(paths);
    await onDatabase(url, client => client.query('create table kept (id integer primary key)'));
    const stop = new AbortController();
    const stopKeeping = new AbortController();
    const keeping = keepPostgresRunning(clusters.binaries, folder, { signal: stopKeeping.signal, onRestart: () => undefined, onFailure: () => undefined });
    const postmasters = new Set<number>();
    const acknowledged: number[] = [];
    const writers = [1, 2, 3].map(writer => writeUntil(stop.signal, url, acknowledged, writer * 1_000_000));
    const copy = join(await clusters.create(), 'copy');
    let inBackup: ReadonlySet<number> = new Set();
    for (let kill = 0; kill < kills; kill++) {
      // Each kill hits a server that is up and written to, however long the one before takes to be mended.
      const before = acknowledged.length;
      while (acknowledged.length < before + 10) await pause(20);
      const postmaster = await untilServes(paths.cluster);
      postmasters.add(postmaster);
      killHard(kill % 3 === 2 ? await someBackend(postmaster) : postmaster);
      await untilAnswers(url);
      if (kill === Math.floor(kills / 2)) {
        inBackup = await idsIn(url);
        await backupCluster(clusters.binaries, paths, copy);
      }
    }
    stop.abort();
    await Promise.all(writers);
    const present = await idsIn(url);
    stopKeeping.abort();
    await keeping;
    // Two of three kills are of a postmaster; one may hit it before who started it has seen that it answers.
    expect(postmasters.size).toBeGreaterThan(kills / 2);
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter(id => !present.has(id))).toEqual([]);

    const restored = await clusters.create();
    await rm(clusterPaths(restored).cluster, { recursive: true });
    await cp(copy, clusterPaths(restored).cluster, { recursive: true });
    await cp(dirname(paths.password), dirname(clusterPaths(restored).password), { recursive: true });
    const again = await startPostgres(clusters.binaries, restored);
    const found = await idsIn(await ensureDatabase(again.paths));
    expect(inBackup.size).toBeGreaterThan(0);
    expect([...inBackup].filter(id => !found.has(id))).toEqual([]);
  }, 600_000);
});

async function untilAnswers(url: string): Promise<void> {
  for (;;) {
    const isUp = await onDatabase(url, client => client.query('select 1')).then(
      () => true,
      () => false
    );
    if (isUp) return;
    await pause(30);
  }
}

/** The postmaster, as soon as one is there again: backends of one that was killed may answer for a moment. */
async function untilServes(cluster: string): Promise<number> {
  for (;;) {
    const holder = await readLockHolder(cluster);
    if (holder?.kind === 'server') return holder.pid;
    await pause(20);
  }
}

/** A backend whose client just left may have ended by itself. */
function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!String(error).includes('ESRCH')) throw error;
  }
}

/** The process of a connected client, else the postmaster itself. */
async function someBackend(postmaster: number): Promise<number> {
  const children = (await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').catch(() => '')).trim().split(' ').filter(Boolean).map(Number);
  for (const child of children.reverse()) {
    if ((await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).startsWith('postgres: stratalab')) return child;
  }
  return postmaster;
}

describe('keepPostgresRunning', () => {
  test('stops keeping when told, and leaves the server up', async () => {
    const folder = await clusters.create();
    await startPostgres(clusters.binaries, folder);
    const stop = new AbortController();
    const keeping = keepPostgresRunning(clusters.binaries, folder, { signal: stop.signal, onRestart: () => undefined, onFailure: () => undefined });
    stop.abort();
    await keeping;
    expect(await isPostgresRunning(folder)).toBe(true);
  });
});

describe('backups', () => {
  test('a damaged copy is refused', async () => {
    const folder = await clusters.create();
    const { paths } = await startPostgres(clusters.binaries, folder);
    const copy = join(folder, 'backups/copy');
    await mkdir(dirname(copy), { recursive: true });
    await backupCluster(clusters.binaries, paths, copy);
    await appendFile(join(copy, 'PG_VERSION'), 'x');
    await expect(verifyCluster(clusters.binaries, copy)).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('PG_VERSION') });
  });

  test('a dump moves the database to another server of a newer version', async () => {
    const [from, to] = [await clusters.create(), await clusters.create()];
    const source = await ensureDatabase((await startPostgres(clusters.binaries, from)).paths);
    await onDatabase(source, async client => {
      await client.query("create table place (name text primary key, position vector(2)); insert into place values ('here', '[1,2]')");
    });
    await rm(clusterPaths(to).cluster, { recursive: true });
    const target = await ensureDatabase((await startPostgres(clusters.binaries18, to)).paths);
    await dumpDatabase(clusters.binaries, source, join(from, 'dump'));
    await restoreDump(clusters.binaries18, target, join(from, 'dump'));
    const rows = await onDatabase(target, async client => (await client.query('select name, position::text, version() from place')).rows);
    expect(rows).toEqual([{ name: 'here', position: '[1,2]', version: expect.stringContaining('PostgreSQL 18') }]);
  });
});
