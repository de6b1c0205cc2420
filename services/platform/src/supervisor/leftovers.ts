import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Layout } from './layout.ts';

/** Programs of the control plane; jobs, engines and workspaces are not among them, they outlive it. */
const programs = ['services/platform/src/main.ts', 'jupyterhub_config.py', 'configurable-http-proxy'];
const patienceMs = 5_000;

/**
 * Stops what a killed predecessor left behind on this data folder: its Hub, proxy and platform would hold the ports.
 * Recognised by the data folder in their environment, so other installations of the same person are safe.
 */
export async function stopLeftovers(layout: Layout): Promise<readonly number[]> {
  const pids = await findLeftovers(layout);
  for (const pid of pids) signal(pid, 'SIGTERM');
  for (let waited = 0; waited < patienceMs && (await findLeftovers(layout)).length > 0; waited += 100) await pause(100);
  for (const pid of await findLeftovers(layout)) signal(pid, 'SIGKILL');
  return pids;
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
