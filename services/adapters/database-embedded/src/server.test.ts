import { appendFile, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readLockHolder } from './lock-file.ts';
import { asOwner } from './owner.ts';
import { clusterPaths } from './paths.ts';
import { spawnServerProgram } from './run-as.ts';
import { isPostgresRunning, startPostgres, stopPostgres } from './server.ts';
import { createTestClusters, makeZombie, withPid, type TestClusters } from './test-cluster.ts';

let clusters: TestClusters;
beforeAll(async () => {
  clusters = await createTestClusters();
});
afterAll(() => clusters.close(), 60_000);

async function killHard(folder: string): Promise<number> {
  const holder = await readLockHolder(clusterPaths(folder).cluster);
  if (holder === undefined) throw new Error('No server runs.');
  process.kill(holder.pid, 'SIGKILL');
  return holder.pid;
}

describe('F13 who may have the data folder', () => {
  test('a second start adopts the server that runs', async () => {
    const folder = await clusters.create();
    const first = await startPostgres(clusters.binaries, folder);
    const second = await startPostgres(clusters.binaries, folder);
    expect(first.isStartedHere).toBe(true);
    expect(second).toEqual({ ...first, isStartedHere: false });
  });

  test('two starts at the same moment end with one server', async () => {
    const folder = await clusters.create();
    const [one, other] = await Promise.all([startPostgres(clusters.binaries, folder), startPostgres(clusters.binaries, folder)]);
    expect(one.pid).toBe(other.pid);
    expect([one.isStartedHere, other.isStartedHere].filter(Boolean)).toHaveLength(1);
  });

  test('a server that somebody else started is named by pid and keeps running', async () => {
    const folder = await clusters.create();
    const elsewhere = await clusters.create();
    const { cluster } = clusterPaths(folder);
    const foreign = spawnServerProgram(join(clusters.binaries.bin, 'postgres'), ['-D', cluster, '-k', clusterPaths(elsewhere).socket, '-c', 'listen_addresses='], {
      stdio: 'ignore'
    });
    while ((await readLockHolder(cluster))?.socketFolder === undefined) await pause(20);
    await expect(startPostgres(clusters.binaries, folder)).rejects.toMatchObject({ code: 'in-use', message: expect.stringContaining(String(foreign.pid)) });
    expect((await readLockHolder(cluster))?.pid).toBe(foreign.pid);
  });

  test('a second postmaster by hand is refused with the pid', async () => {
    const folder = await clusters.create();
    const { pid, paths } = await startPostgres(clusters.binaries, folder);
    const second = spawnServerProgram(join(clusters.binaries.bin, 'postgres'), ['-D', paths.cluster, '-k', paths.socket], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    second.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const code = await new Promise(resolve => second.once('close', resolve));
    expect(code).toBe(1);
    expect(complaint).toContain(`PID ${pid}`);
  });

  test('the lock of a killed server is taken over', async () => {
    const folder = await clusters.create();
    await startPostgres(clusters.binaries, folder);
    const killed = await killHard(folder);
    const again = await startPostgres(clusters.binaries, folder);
    expect(again.isStartedHere).toBe(true);
    expect(again.pid).not.toBe(killed);
  });

  test('a zombie in the lock is waited for, then no longer counts', async () => {
    const folder = await clusters.create();
    await startPostgres(clusters.binaries, folder);
    const { cluster, socket } = clusterPaths(folder);
    const lock = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
    await stopPostgres(folder);
    const zombie = await makeZombie(clusters);
    await writeFile(join(cluster, 'postmaster.pid'), withPid(lock, zombie.pid), { mode: 0o600 });
    await writeFile(join(socket, '.s.PGSQL.5432.lock'), withPid(lock, zombie.pid), { mode: 0o600 });
    expect(await readLockHolder(cluster)).toMatchObject({ kind: 'zombie' });
    expect((await startPostgres(clusters.binaries, folder)).isStartedHere).toBe(true);
    expect(zombie.parent.exitCode).toBeNull();
  });

  test('a stranger that got the pid of a dead server does not block the start and is left alone', async () => {
    const folder = await clusters.create();
    await startPostgres(clusters.binaries, folder);
    const { cluster } = clusterPaths(folder);
    const lock = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
    await stopPostgres(folder);
    const stranger = clusters.start('sleep', ['600']);
    await writeFile(join(cluster, 'postmaster.pid'), withPid(lock, stranger.pid ?? 0), { mode: 0o600 });
    expect(await isPostgresRunning(folder)).toBe(false);
    expect((await startPostgres(clusters.binaries, folder)).isStartedHere).toBe(true);
    expect(stranger.signalCode).toBeNull();
  });
});

describe('F15 durability', () => {
  test.each(['fsync', 'full_page_writes', 'synchronous_commit'])('a server with %s off is refused and does not stay up', async setting => {
    const folder = await clusters.create();
    await appendFile(join(clusterPaths(folder).cluster, 'postgresql.conf'), `\n${setting} = off\n`);
    await expect(startPostgres(clusters.binaries, folder)).rejects.toMatchObject({ code: 'invalid-state', message: expect.stringContaining(setting) });
    expect(await isPostgresRunning(folder)).toBe(false);
  });

  test('a flipped byte is reported with the object named, never read as data', async () => {
    const folder = await clusters.create();
    const { paths } = await startPostgres(clusters.binaries, folder);
    const file = await asOwner(paths, 'postgres', async client => {
      await client.query("create table kept as select n, repeat('x', 100) as text from generate_series(1, 5000) as n");
      await client.query('checkpoint');
      const { rows } = await client.query<{ path: string }>("select pg_relation_filepath('kept') as path");
      return rows[0]?.path ?? '';
    });
    await stopPostgres(folder);
    await flipByte(join(paths.cluster, file), 2 * 8192 + 4000);
    await startPostgres(clusters.binaries, folder);
    await expect(asOwner(paths, 'postgres', client => client.query('select count(*), max(text) from kept'))).rejects.toThrow(`invalid page in block 2 of relation ${file}`);
  });
});

describe('the socket', () => {
  test('there is no TCP, and a deep data folder gets a short socket folder that only its owner can open', async () => {
    const deep = join(await clusters.create(), 'a-rather-long-folder-name-for-a-test'.repeat(3));
    const { paths } = await startPostgres(clusters.binaries, deep);
    try {
      expect(paths.socket).toMatch(/^\/tmp\/stratalab-\d+-[0-9a-f]{16}$/);
      expect((await stat(paths.socket)).mode & 0o777).toBe(0o700);
      const { rows } = await asOwner(paths, 'postgres', client => client.query('show listen_addresses'));
      expect(rows).toEqual([{ listen_addresses: '' }]);
    } finally {
      await stopPostgres(deep);
      await rm(paths.socket, { recursive: true });
    }
  });
});

async function flipByte(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { buffer } = await file.read({ position, buffer: Buffer.alloc(1) });
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, position);
  } finally {
    await file.close();
  }
}
