import { realpath } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import { ensureCluster } from './create-cluster.ts';
import { launchServer, waitUntilReady } from './launch.ts';
import type { PostgresBinaries } from './locate.ts';
import { readLockHolder, releaseDeadLock } from './lock-file.ts';
import { asOwner } from './owner.ts';
import { clusterPaths, makeFolders, type ClusterPaths } from './paths.ts';
import { assertServerMayRun } from './run-as.ts';
import { assertDurable } from './settings.ts';

export interface RunningPostgres {
  readonly pid: number;
  readonly paths: ClusterPaths;
  /** False when a server that was already running was adopted. */
  readonly isStartedHere: boolean;
}

/** How long a killed server may linger (as a zombie, or by its last backends) before the start is given up. */
const lingerMs = 15_000;
const zombieMs = 5_000;
const stopMs = 20_000;

/**
 * Starts the database of a data folder, or adopts the one that is running there. It is detached and outlives this process.
 * @throws in-use naming the pid when something else holds the cluster; invalid-state when its settings are not durable
 *   (nothing runs then that did not run before); unavailable when it does not come up
 */
export async function startPostgres(binaries: PostgresBinaries, dataFolder: string): Promise<RunningPostgres> {
  const paths = clusterPaths(dataFolder);
  await assertServerMayRun();
  await makeFolders(paths);
  await ensureCluster(binaries, paths);
  const running = await adoptOrLaunch(binaries, paths);
  try {
    await asOwner(paths, 'postgres', assertDurable);
  } catch (error) {
    if (running.isStartedHere) await stopPostgres(dataFolder);
    throw error;
  }
  return running;
}

async function adoptOrLaunch(binaries: PostgresBinaries, paths: ClusterPaths): Promise<RunningPostgres> {
  const deadline = Date.now() + lingerMs;
  for (;;) {
    const living = await livingServer(paths);
    if (living !== undefined && (await waitUntilReady(paths, async () => (await readLockHolder(paths.cluster))?.pid !== living)))
      return { pid: living, paths, isStartedHere: false };
    const { pid, failure } = await launchServer(binaries, paths);
    const holder = await readLockHolder(paths.cluster);
    if (failure === undefined && holder !== undefined) return { pid: holder.pid, paths, isStartedHere: holder.pid === pid };
    if (failure !== undefined && !/lock file|shared memory block/.test(failure))
      throw new Problem('unavailable', { detail: `The database ended while starting. ${complaintsOf(failure)}`, hint: `See ${paths.log}.` });
    if (Date.now() > deadline) throw inUse(holder?.pid, complaintsOf(failure ?? ''));
    await pause(200);
  }
}

/**
 * Pid of the server that runs on this cluster. A killed one may linger as a zombie for some seconds, and its number may
 * belong to a stranger after a restart of the machine: neither is a server, and their locks are given up here.
 * @throws in-use when the server was started by somebody else, with its socket in another place
 */
async function livingServer(paths: ClusterPaths): Promise<number | undefined> {
  const deadline = Date.now() + zombieMs;
  for (;;) {
    const holder = await readLockHolder(paths.cluster);
    if (holder === undefined) return undefined;
    if (holder.kind === 'server') {
      if (holder.socketFolder !== undefined && !(await isSameFolder(holder.socketFolder, paths.socket))) throw inUse(holder.pid, '');
      return holder.pid;
    }
    if (holder.kind === 'stranger' || Date.now() > deadline) {
      await releaseDeadLock(paths.cluster, holder);
      return undefined;
    }
    await pause(100);
  }
}

function inUse(pid: number | undefined, why: string): Problem {
  const who = pid === undefined ? 'another process' : `the process ${pid}`;
  return new Problem('in-use', {
    detail: `The database of this data folder is in use by ${who}. ${why}`.trim(),
    hint: pid === undefined ? 'Stop it first.' : `Stop it first: kill ${pid}`
  });
}

function complaintsOf(log: string): string {
  return (
    log
      .split('\n')
      .filter(line => /FATAL|PANIC|HINT|ERROR/.test(line))
      .slice(-2)
      .join(' ') ||
    (log.split('\n').at(-1) ?? '')
  );
}

/** Whether the database of a data folder runs right now. */
export async function isPostgresRunning(dataFolder: string): Promise<boolean> {
  return (await readLockHolder(clusterPaths(dataFolder).cluster))?.kind === 'server';
}

/**
 * Stops the server of a data folder: clients are disconnected and everything is written; does nothing when none runs.
 * One that does not end in time is stopped at once (it recovers by its log at the next start).
 */
export async function stopPostgres(dataFolder: string): Promise<void> {
  const holder = await readLockHolder(clusterPaths(dataFolder).cluster);
  if (holder?.kind !== 'server') return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(holder.pid, signal);
    for (let waited = 0; waited < stopMs; waited += 50) {
      const now = await readLockHolder(clusterPaths(dataFolder).cluster);
      if (now?.pid !== holder.pid || now.kind === 'zombie') return;
      await pause(50);
    }
  }
  throw new Problem('timed-out', { detail: `The database (process ${holder.pid}) did not stop.` });
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  return one === other || (await realpath(one).catch(() => one)) === (await realpath(other).catch(() => other));
}
