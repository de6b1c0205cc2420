import { readFile } from 'node:fs/promises';

/**
 * When a process started, in clock ticks since boot (Linux); with the pid it names one process for ever, however often pids are used again.
 * @returns undefined when there is no such process, only its zombie, or no /proc that tells
 */
export async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold anything, so the fields are counted from its end.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined || state === 'Z' || state === 'X' ? undefined : fields[18];
}
