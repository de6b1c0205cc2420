import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, waitFor } from '@stratalab/tooling';
import { createRayClient } from './ray-client.ts';

const folder = fileURLToPath(new URL('../../../../.cache/ray/bin', import.meta.url));

export interface RayHead {
  readonly address: string;
  readonly token: string;
  readonly python: string;
  close(): Promise<void>;
}

/** A real Ray of its own on this machine that asks for a token. It is stopped by its process group: `ray stop` would look for Ray on the whole machine. */
export async function startRayHead(): Promise<RayHead> {
  // Short: Ray names sockets in it.
  const temporary = await mkdtemp('/tmp/rh-');
  const token = randomBytes(24).toString('base64url');
  const dashboard = await freePorts();
  const [agent, client, http] = [dashboard + 1, dashboard + 2, dashboard + 3];
  const words = [
    ...['start', '--head', '--block', '--num-cpus=2', '--object-store-memory=100000000', '--node-ip-address=127.0.0.1', '--disable-usage-stats', '--port=0'],
    ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboard}`, `--dashboard-agent-grpc-port=${agent}`, `--dashboard-agent-listen-port=${http}`],
    ...[`--ray-client-server-port=${client}`, `--temp-dir=${temporary}`]
  ];
  const head = spawn(join(folder, 'ray'), words, {
    detached: true,
    stdio: 'ignore',
    env: { PATH: `${folder}:/usr/bin:/bin`, HOME: temporary, RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: token, RAY_memory_monitor_refresh_ms: '0' }
  });
  const ended = once(head, 'exit');
  const address = `http://127.0.0.1:${dashboard}`;
  const close = async (): Promise<void> => {
    if (head.pid !== undefined && head.exitCode === null) process.kill(-head.pid, 'SIGKILL');
    await ended;
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const asked = createRayClient({ address, token: async () => token });
    await waitFor(async () => (await asked.list().catch(() => undefined)) !== undefined || undefined, 120_000);
  } catch (error) {
    await close();
    throw error;
  }
  return { address, token, python: join(folder, 'python'), close };
}
