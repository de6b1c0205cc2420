import { openSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import pg from 'pg';
import { readPostmasterPid, stateOf } from './lock-file.ts';
import type { PostgresBinaries } from './locate.ts';
import { clusterPaths, type ClusterPaths } from './paths.ts';
import { runToEnd, spawnAsUser } from './run-as.ts';

export interface RunningPostgres {
  readonly pid: number;
  readonly paths: ClusterPaths;
  /** False when a server that was already running was adopted. */
  readonly isStartedHere: boolean;
}

const startTimeoutMs = 60_000;
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  shared_buffers: '96MB',
  max_connections: '80',
  wal_level: 'replica',
  max_wal_senders: '4',
  unix_socket_permissions: '0700',
  log_min_messages: 'warning',
  idle_in_transaction_session_timeout: '60s',
  tcp_keepalives_idle: '10'
};

/**
 * Starts the database of a data folder, or adopts the one that is running there. It is detached and outlives this process.
 * @throws in-use naming the pid when something else holds the cluster; unavailable when it does not come up or its settings are not durable
 */
export async function startPostgres(binaries: PostgresBinaries, dataFolder: string): Promise<RunningPostgres> {
  const paths = clusterPaths(dataFolder);
  for (const folder of [paths.socket, dirname(paths.log), dirname(paths.password)]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await ensureSecret(paths.ownerPassword);
  await ensureSecret(paths.password);
  if (!(await exists(join(paths.cluster, 'PG_VERSION')))) await createCluster(binaries, paths);
  const living = await livingServer(paths);
  if (living !== undefined) {
    await waitUntilReady(paths, living);
    await assertDurable(paths);
    return { pid: living, paths, isStartedHere: false };
  }
  const log = openSync(paths.log, 'a', 0o600);
  const args = ['-D', paths.cluster, '-k', paths.socket, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawnAsUser(join(binaries.bin, 'postgres'), args, { detached: true, stdio: ['ignore', log, log], cwd: paths.cluster });
  child.unref();
  const pid = await waitUntilReady(paths, undefined, () => child.exitCode !== null);
  await assertDurable(paths);
  return { pid, paths, isStartedHere: true };
}

/** Stops the server of a data folder in order (clients are disconnected, everything is written); does nothing when none runs. */
export async function stopPostgres(dataFolder: string): Promise<void> {
  const paths = clusterPaths(dataFolder);
  const pid = await readPostmasterPid(paths.cluster);
  if (pid === undefined || (await stateOf(pid)) !== 'running' || !(await isPostgres(pid))) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 20_000; waited += 50) {
    if ((await stateOf(pid)) !== 'running') return;
    await pause(50);
  }
  throw new Problem('unavailable', { detail: `The database (pid ${pid}) did not stop within 20 s.` });
}

async function createCluster(binaries: PostgresBinaries, paths: ClusterPaths): Promise<void> {
  // initdb fills a folder beside the final one: an interrupted first start leaves nothing half made.
  const unfinished = `${paths.cluster}.new`;
  await rm(unfinished, { recursive: true, force: true });
  const outcome = await runToEnd(join(binaries.bin, 'initdb'), ['-D', unfinished, '-U', 'owner', '--data-checksums', '--auth=scram-sha-256', `--pwfile=${paths.ownerPassword}`, '--encoding=UTF8', '--locale=C.UTF-8']);
  if (outcome.code !== 0) throw new Problem('unavailable', { detail: `The database could not be created: ${outcome.output.trim().split('\n').at(-1) ?? ''}` });
  await rename(unfinished, paths.cluster);
}

/** The pid of a server that runs on this cluster. After a kill -9 the old pid may linger as a zombie for some seconds: that is not "in use". */
async function livingServer(paths: ClusterPaths): Promise<number | undefined> {
  for (let waited = 0; waited <= 10_000; waited += 100) {
    const pid = await readPostmasterPid(paths.cluster);
    if (pid === undefined) return undefined;
    const state = await stateOf(pid);
    if (state === 'gone') return undefined;
    if (state === 'running') return (await isPostgres(pid)) ? pid : undefined;
    await pause(100);
  }
  return undefined;
}

async function isPostgres(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres');
  return command.includes('postgres');
}

async function waitUntilReady(paths: ClusterPaths, adopted: number | undefined, hasEnded: () => boolean = () => false): Promise<number> {
  const deadline = Date.now() + startTimeoutMs;
  let last = '';
  while (Date.now() < deadline) {
    try {
      await query(paths, 'postgres', 'select 1');
      const pid = await readPostmasterPid(paths.cluster);
      if (pid !== undefined) return pid;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      if (/password authentication failed/.test(last)) throw new Problem('in-use', { detail: `The database of this folder (pid ${adopted ?? '?'}) does not accept our password.`, hint: 'The folder secrets/ does not belong to this database.' });
    }
    if (hasEnded()) await explainEnd(paths);
    await pause(50);
  }
  throw new Problem('unavailable', { detail: `The database did not answer within ${startTimeoutMs / 1000} s: ${last}`, hint: `See ${paths.log}.` });
}

async function explainEnd(paths: ClusterPaths): Promise<void> {
  const text = await readFile(paths.log, 'utf8').catch(() => '');
  const line = text.trim().split('\n').filter(candidate => /FATAL|PANIC|HINT|ERROR/.test(candidate)).slice(-2).join(' ');
  const pid = /PID (\d+)/.exec(line)?.[1];
  if (pid !== undefined && (await stateOf(Number(pid))) === 'running') {
    throw new Problem('in-use', { detail: `The data folder is in use by the process ${pid}.`, hint: `Stop it first: kill ${pid}` });
  }
  throw new Problem('unavailable', { detail: `The database ended while starting. ${line}`, hint: `See ${paths.log}.` });
}

/** Connects as the maintenance role; used by the supervisor only. */
export async function query(paths: ClusterPaths, database: string, text: string, values: readonly string[] = []): Promise<pg.QueryResult<Record<string, unknown>>> {
  const password = (await readFile(paths.ownerPassword, 'utf8')).trim();
  const client = new pg.Client({ host: paths.socket, user: 'owner', password, database, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(text, [...values]);
  } finally {
    await client.end();
  }
}

/** An acknowledged commit must survive power loss: a server with one of these off is refused. */
async function assertDurable(paths: ClusterPaths): Promise<void> {
  const { rows } = await query(paths, 'postgres', "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')");
  const off = rows.filter(row => row['setting'] === 'off').map(row => String(row['name']));
  if (off.length > 0) throw new Problem('unavailable', { detail: `The database runs with ${off.join(', ')} off and could lose acknowledged work.`, hint: 'Remove the setting from postgres/postgresql.conf or postgresql.auto.conf.' });
}

async function ensureSecret(path: string): Promise<void> {
  if (await exists(path)) return;
  await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await chmod(path, 0o600);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
