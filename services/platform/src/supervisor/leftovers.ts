import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Layout } from './layout.ts';

/** Programs of the control plane; jobs, engines and workspaces are not among them, they outlive it. */
const programs = ['services/platform/src/main.ts', 'jupyterhub_config.py', 'configurable-http-proxy'];
const patienceMs = 5_000;
const lookEveryMs = 100;

/**
 * Stops what a killed predecessor left behind on this data folder: its Hub, proxy and platform would hold the ports.
 * Recognised by the data folder in their environment, so other installations of the same person are safe.
 * @param politeMs how long they may take to end by themselves
 * @returns the ones it found, when they are gone and their ports are free
 */
export async function stopLeftovers(layout: Layout, politeMs = patienceMs): Promise<readonly number[]> {
  const pids = new Set<number>();
  for (let waited = 0; waited < politeMs + patienceMs; waited += lookEveryMs) {
    // Again each time: a Hub that is still ending may start what it manages once more.
    for (const pid of await findLeftovers(layout)) {
      if (waited >= politeMs) signal(pid, 'SIGKILL');
      else if (!pids.has(pid)) signal(pid, 'SIGTERM');
      pids.add(pid);
    }
    if ((await Promise.all([...pids].map(hasEnded))).every(Boolean)) break;
    await pause(lookEveryMs);
  }
  return [...pids];
}

/** A process that ends gives back its memory, and with it its command line, before it closes its ports; a zombie without threads has closed them. */
async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (stat === '') return true;
  const threads = await readdir(`/proc/${pid}/task`).catch((): string[] => []);
  return stat.charAt(stat.lastIndexOf(')') + 2) === 'Z' && threads.length <= 1;
}

async function findLeftovers(layout: Layout): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc').catch((): string[] => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (!programs.some(program => command.includes(program))) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`STRATALAB_DATA=${layout.data}`)) found.push(pid);
  }
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}
