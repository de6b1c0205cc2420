import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type ProcessState = 'running' | 'zombie' | 'gone';

/** Pid in the cluster's own lock file; `undefined` when there is none or it is being written. */
export async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Whether a pid is alive; a zombie has ended and only waits for its parent to notice. */
export async function stateOf(pid: number): Promise<ProcessState> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z' ? 'zombie' : 'running';
  try {
    process.kill(pid, 0);
    return 'running';
  } catch {
    return 'gone';
  }
}
