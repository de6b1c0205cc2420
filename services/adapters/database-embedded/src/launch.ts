import { closeSync, openSync } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import { readLockHolder } from './lock-file.ts';
import type { PostgresBinaries } from './locate.ts';
import { asOwner } from './owner.ts';
import type { ClusterPaths } from './paths.ts';
import { spawnServerProgram } from './run-as.ts';
import { serverSettings } from './settings.ts';

const startTimeoutMs = 60_000;
const longestLogBytes = 10 * 1024 * 1024;

export interface Launch {
  readonly pid: number | undefined;
  /** What the server said before it gave up; `undefined` when a server answers. */
  readonly failure: string | undefined;
}

/** Starts a server on the cluster, detached, so that it outlives this process; returns when it answers or has ended. */
export async function launchServer(binaries: PostgresBinaries, paths: ClusterPaths): Promise<Launch> {
  await shortenLog(paths.log);
  const said = await sizeOf(paths.log);
  const log = openSync(paths.log, 'a', 0o600);
  const settings = Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnServerProgram(join(binaries.bin, 'postgres'), ['-D', paths.cluster, '-k', paths.socket, ...settings], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: paths.cluster
  });
  closeSync(log);
  const end: { error?: Error; isOver: boolean } = { isOver: false };
  child.once('error', error => Object.assign(end, { error, isOver: true }));
  child.once('exit', () => Object.assign(end, { isOver: true }));
  child.unref();
  const isReady = await waitUntilReady(paths, () => end.isOver);
  return { pid: child.pid, failure: isReady ? undefined : (end.error?.message ?? (await readFrom(paths.log, said))) };
}

/**
 * Waits until the server of this cluster answers; `false` when `hasEnded` says so first.
 * @throws in-use when it does not take our password; timed-out after a minute
 */
export async function waitUntilReady(paths: ClusterPaths, hasEnded: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs;
  let last = '';
  while (Date.now() < deadline) {
    try {
      await asOwner(paths, 'postgres', client => client.query('select 1'));
      return true;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      if (last.includes('password authentication failed')) throw await passwordRefused(paths);
    }
    if (await hasEnded()) return false;
    await pause(40);
  }
  throw new Problem('timed-out', { detail: `The database did not answer within ${startTimeoutMs / 1000} s: ${last}`, hint: `See ${paths.log}.` });
}

async function passwordRefused(paths: ClusterPaths): Promise<Problem> {
  const holder = await readLockHolder(paths.cluster);
  return new Problem('in-use', {
    detail: `The database of this folder (process ${holder?.pid ?? 'unknown'}) does not accept our password.`,
    hint: 'The folder secrets/ does not belong to this database: restore it from a backup.'
  });
}

async function shortenLog(path: string): Promise<void> {
  if ((await sizeOf(path)) > longestLogBytes) await rename(path, `${path}.1`);
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    facts => facts.size,
    () => 0
  );
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read({ position, buffer: Buffer.alloc(16 * 1024) });
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}
