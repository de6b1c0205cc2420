import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServingWorld } from '@stratalab/tooling/serving-world';

interface ReplicaProcesses {
  /** Nothing in flight at a replica can end from now on: the test, and not the machine, says what comes first. */
  standStill(): void;
  goOn(): void;
}

/** The processes of all replicas of a world that run now. */
export async function replicaProcesses(world: ServingWorld): Promise<ReplicaProcesses> {
  const groups = (await Promise.all((await world.runtime.list()).map(id => groupOf(world, id)))).flat();
  const send = (signal: NodeJS.Signals): void => {
    for (const pid of groups) {
      try {
        process.kill(-pid, signal);
      } catch {
        // It ended meanwhile.
      }
    }
  };
  return { standStill: () => send('SIGSTOP'), goOn: () => send('SIGCONT') };
}

/** A folder stays when its process was stopped; the record of the process does not. */
async function groupOf(world: ServingWorld, id: string): Promise<readonly number[]> {
  const text = await readFile(join(world.data, 'serving', id, 'process.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const { pid }: { pid: number } = JSON.parse(text);
  return [pid];
}
