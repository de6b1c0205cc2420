import { readFile, readlink, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Who holds a cluster, by its own lock file: the server that runs in it, a killed server that its parent has not
 * reaped yet, or a stranger that got the number of a server which died long ago.
 */
export interface LockHolder {
  readonly pid: number;
  readonly kind: 'server' | 'zombie' | 'stranger';
  /** Folder of the server's socket; `undefined` while it has none yet. */
  readonly socketFolder: string | undefined;
}

/** Above the largest pid a kernel gives out (2^22), so no process ever has it. */
const impossiblePid = 4_194_305;

/** Holder of a cluster; `undefined` when there is no lock, or the process in it is gone. */
export async function readLockHolder(cluster: string): Promise<LockHolder | undefined> {
  const lines = (await readFile(lockPath(cluster), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid < 2) return undefined;
  const kind = await kindOf(pid, cluster);
  const socketFolder = lines[4] === undefined || lines[4] === '' ? undefined : lines[4];
  return kind === 'gone' ? undefined : { pid, kind, socketFolder };
}

/**
 * Writes a number that no process has into the lock of a server that is proven to have ended.
 * The rest of the file stays: by it the next server still checks that no orphaned backend uses the shared memory.
 */
export async function releaseDeadLock(cluster: string, holder: LockHolder): Promise<void> {
  const locks = [lockPath(cluster), ...(holder.socketFolder === undefined ? [] : [join(holder.socketFolder, '.s.PGSQL.5432.lock')])];
  for (const path of locks) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const [pid, ...rest] = text.split('\n');
    if (pid !== String(holder.pid)) continue;
    await writeFile(`${path}.new`, [impossiblePid, ...rest].join('\n'), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

function lockPath(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/** A server works in its cluster's folder; what cannot be looked into counts as a server, so that none is ever pushed aside. */
async function kindOf(pid: number, cluster: string): Promise<LockHolder['kind'] | 'gone'> {
  if (!isAlive(pid)) return 'gone';
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (stat.charAt(stat.lastIndexOf(')') + 2) === 'Z') return 'zombie';
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder === undefined) return isAlive(pid) ? 'server' : 'gone';
  return folder === (await realpath(cluster)) ? 'server' : 'stranger';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return String(error).includes('EPERM');
  }
}
