import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePorts, waitFor } from '@stratalab/tooling';
import { environment as inherited } from '../config.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface PlatformProcess {
  readonly url: string;
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** Starts one platform process, on a free port unless one is given, and waits until it answers. @throws Error with its last words when it ends instead */
export async function startPlatformProcess(environment: Readonly<Record<string, string>>, port?: number): Promise<PlatformProcess> {
  const url = `http://127.0.0.1:${port ?? (await freePorts())}`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: inherited['PATH'], HOME: inherited['HOME'], ...environment, JUPYTERHUB_SERVICE_URL: url }
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const ended = once(child, 'exit');
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`The platform process ended: ${said}`);
    return fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) }).then(
      answer => answer.ok,
      () => false
    );
  }, 60_000);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    }
  };
}
