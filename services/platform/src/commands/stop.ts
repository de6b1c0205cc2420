import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import { runningSupervisor } from '../supervisor/claim.ts';
import type { Layout } from '../supervisor/layout.ts';

const timeoutMs = 40_000;

/** Stops the running platform of this data folder and waits until it is gone; does nothing when none runs. */
export async function stop(layout: Layout): Promise<number> {
  const pid = await runningSupervisor(layout);
  if (pid === undefined) {
    process.stdout.write('Nothing runs on this data folder.\n');
    return 0;
  }
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < timeoutMs; waited += 100) {
    if ((await runningSupervisor(layout)) === undefined) return 0;
    await pause(100);
  }
  throw new Problem('timed-out', { detail: `The platform (process ${pid}) did not stop within ${timeoutMs / 1000} s.` });
}
