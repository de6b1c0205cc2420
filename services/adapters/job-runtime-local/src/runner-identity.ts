import { readFile } from 'node:fs/promises';
import { startTicks } from '@stratalab/kernel/start-ticks';

/** A process by more than its number: numbers come back, the start time within one boot of the machine does not. */
export interface RunnerIdentity {
  readonly pid: number;
  readonly startTicks: number;
  readonly bootId: string;
}

export async function isRunning(identity: RunnerIdentity): Promise<boolean> {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  if (bootId.trim() !== identity.bootId) return false;
  return Number(await startTicks(identity.pid)) === identity.startTicks;
}
