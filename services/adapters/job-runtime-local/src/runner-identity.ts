import { readFile } from 'node:fs/promises';

/** A process by more than its number: numbers come back, the start time within one boot of the machine does not. */
export interface RunnerIdentity {
  readonly pid: number;
  readonly startTicks: number;
  readonly bootId: string;
}

export async function isRunning(identity: RunnerIdentity): Promise<boolean> {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  if (bootId.trim() !== identity.bootId) return false;
  const stat = await readFile(`/proc/${identity.pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] !== 'Z' && fields[0] !== 'X' && Number(fields[19]) === identity.startTicks;
}
