import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobEnd, JobStart } from '@stratalab/kernel';
import { readWritten, writeWhole } from './files.ts';
import type { JobPaths } from './paths.ts';
import { readLogFile } from './read-log.ts';

/** The driver of a gang on Ray and what it needs beside it; where this folder is not visible they are copied. */
export const rayGangPrograms: readonly string[] = ['ray_gang.py', 'rank.py', 'launch.py'].map(name => fileURLToPath(new URL(`../runner/${name}`, import.meta.url)));

/** How a gang on Ray ended, in its driver's words. */
export interface GangResult {
  readonly end: JobEnd;
  readonly endedAt: string;
  readonly startedAt: string | null;
  readonly exitCode: number | null;
  /** Rank of the process that failed first. */
  readonly failedRank: number | null;
  readonly message: string | null;
}

export interface GangFiles {
  readonly startedAt?: string;
  readonly result?: GangResult;
}

/** Which places the gang asks Ray for, and how its processes find their credential. */
export interface GangPlace {
  /** Folder the programs lie in, as the nodes of the cluster see it. */
  readonly programs: string;
  /** What each process holds of the cluster. */
  readonly bundle: Readonly<Record<string, number>>;
  readonly strategy: 'PACK' | 'SPREAD' | 'STRICT_SPREAD';
  /** Variables only this runtime knows, such as PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** A Secret's file, copied on each node to `tokenFile`; absent: the request holds the token itself. */
  readonly token?: { readonly source: string; readonly file: string };
}

const name = { request: 'gang.json', once: 'gang-once', started: 'gang-started.json', result: 'gang-result.json', cancel: 'cancel' } as const;

/** Path of what the driver is given as its argument. */
export function gangRequestPath(paths: JobPaths, attempt: number): string {
  return join(paths.attempt(attempt), name.request);
}

/** Writes what the driver needs to know; readable by the folder's group, unless the token is in it. */
export async function writeGangRequest(request: JobStart, paths: JobPaths, place: GangPlace): Promise<void> {
  await writeWhole(gangRequestPath(paths, request.attempt), JSON.stringify(gangRequest(request, paths, place)), place.token === undefined ? 0o600 : 0o640);
}

/** What the driver of the gang needs to know. Its files are in the folder of the attempt, which all nodes see at the same path. */
function gangRequest(request: JobStart, paths: JobPaths, place: GangPlace): object {
  const folder = paths.attempt(request.attempt);
  const home = paths.home;
  const tokenFile = place.token?.file ?? join(home, '.stratalab', 'token');
  const { jobId, attempt, processes, fileName, code, mounts, outputs, deadlineSeconds } = request;
  return {
    ...{ jobId, attempt, processes, fileName, code, mounts, outputs, deadlineSeconds, home, logs: paths.logs, arguments: request.arguments },
    ...{ memoryMiB: request.perProcess.memoryMiB, rankProgram: join(place.programs, 'rank.py'), isPreparing: true, tokenFile },
    ...(place.token === undefined ? { token: request.token } : { tokenSource: place.token.source }),
    ...{ onceFile: join(folder, name.once), startedFile: join(folder, name.started), resultFile: join(folder, name.result), cancelFile: join(folder, name.cancel) },
    environment: {
      LANG: 'C.UTF-8',
      PYTHONUNBUFFERED: '1',
      USER: 'stratalab',
      OMP_NUM_THREADS: String(Math.max(1, Math.floor(request.perProcess.cpu))),
      ...request.environment,
      ...place.environment,
      HOME: home,
      STRATALAB_TENANT: request.tenant,
      STRATALAB_JOB_ID: jobId,
      STRATALAB_TOKEN_FILE: tokenFile,
      STRATALAB_OUTPUTS: join(home, 'outputs'),
      CHECKPOINT_DIR: join(home, 'checkpoints')
    },
    ray: { address: 'auto', bundle: place.bundle, strategy: place.strategy }
  };
}

/** Whether any attempt of a job was started on Ray. */
export async function hasGang(paths: JobPaths): Promise<boolean> {
  const attempts = join(paths.job, 'attempts');
  for (const attempt of await readdir(attempts).catch((): string[] => [])) {
    for (const file of [name.request, name.once]) {
      if ((await lstat(join(attempts, attempt, file)).catch(() => undefined)) !== undefined) return true;
    }
  }
  return false;
}

/** Asks the driver to end its processes; when that was first asked stays. @returns milliseconds since then */
export async function askGangToEnd(paths: JobPaths, attempt: number, { graceMs }: { readonly graceMs: number }): Promise<number> {
  const path = join(paths.attempt(attempt), name.cancel);
  const asked = await readWritten<{ readonly askedAt?: number }>(path).catch(() => undefined);
  if (asked?.askedAt !== undefined) return Date.now() - asked.askedAt;
  // On a cluster the driver is somebody else of the folder's group.
  await writeWhole(path, JSON.stringify({ graceMs, askedAt: Date.now() }), 0o640);
  return 0;
}

/** What the driver wrote. The job can write there too, so nothing but small plain files of the right shape counts. */
export async function readGangFiles(paths: JobPaths, attempt: number): Promise<GangFiles> {
  const folder = paths.attempt(attempt);
  const [started, result] = [await readSmall(folder, name.started), await readSmall(folder, name.result)];
  const startedAt = timeOf(started?.['startedAt']);
  const end = ends.find(known => known === result?.['end']);
  const endedAt = timeOf(result?.['endedAt']);
  return {
    ...(startedAt === null ? {} : { startedAt }),
    ...(result === undefined || end === undefined || endedAt === null
      ? {}
      : {
          result: {
            ...{ end, endedAt, startedAt: timeOf(result['startedAt']) },
            exitCode: wholeOf(result['exitCode']),
            failedRank: wholeOf(result['failedRank']),
            message: typeof result['message'] === 'string' ? result['message'].slice(0, longestMessage) : null
          }
        })
  };
}

const ends: readonly JobEnd[] = ['exited', 'cancelled', 'deadline', 'not-started', 'lost'];
const longestMessage = 1_000;
const mostBytes = 64 * 1024;

async function readSmall(folder: string, file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { text } = await readLogFile(folder, join(folder, file), { offset: 0, limitBytes: mostBytes });
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(value: unknown): string | null {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}

function wholeOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
