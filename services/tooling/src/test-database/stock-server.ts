import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnServerProgram, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import { freePorts } from '../free-ports.ts';
import { onServer } from './template.ts';
import { binariesOf, prepareForTests, type TestServer } from './test-server.ts';

const startMs = 30_000;

/** Starts a PostgreSQL 18 that is reached over TCP, as an installation with a server of its own has it. */
export async function startStockServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-stock-'));
  const binaries = await binariesOf(18);
  const { paths } = await startPostgres(binaries, folder);
  await prepareForTests(paths);
  await stopPostgres(folder);
  const port = await freePorts();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`, '-c', 'unix_socket_directories='];
  const server = spawnServerProgram(join(binaries.bin, 'postgres'), ['-D', paths.cluster, ...settings], { stdio: 'ignore' });
  const url = `postgresql://tester:tester@127.0.0.1:${port}/postgres`;
  await waitUntilReady(url);
  return {
    url,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function waitUntilReady(url: string): Promise<void> {
  const deadline = Date.now() + startMs;
  for (;;) {
    const failure = await onServer(url, 'select 1').then(
      () => undefined,
      (error: unknown) => error
    );
    if (failure === undefined) return;
    if (Date.now() > deadline) throw new Error('The stock PostgreSQL did not come up.', { cause: failure });
    await pause(50);
  }
}
