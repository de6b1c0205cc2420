import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureDatabase, locatePostgres, spawnServerProgram, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import { freePorts } from '@stratalab/tooling/free-ports';
import { runProgram } from '../run-program.ts';
import { hostAddress } from '../settings.ts';

export interface PodsDatabase {
  /** URL of the platform's role; it is no superuser. */
  readonly url: string;
  /** Runs one statement. @returns rows as lines, values between bars */
  query(text: string): Promise<string>;
  stop(): Promise<void>;
}

const environment = fileURLToPath(new URL('../../../../.venv', import.meta.url));
const startMs = 60_000;

/** A real PostgreSQL with pgvector that pods of a real node reach, as an installation has one outside its cluster. */
export async function startPostgresForPods(): Promise<PodsDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-pods-database-'));
  const binaries = await locatePostgres(process.env['STRATALAB_VENV'] ?? environment);
  const { paths } = await startPostgres(binaries, folder);
  const password = new URL((await ensureDatabase(paths)).replace('@/', '@localhost/')).password;
  await stopPostgres(folder);
  // Pods come from the node's address or from their own.
  await appendFile(join(paths.cluster, 'pg_hba.conf'), ['10.200.0.0/16', '10.244.0.0/16'].map(range => `host all all ${range} scram-sha-256\n`).join(''));
  const port = await freePorts(hostAddress);
  const server = spawnServerProgram(
    join(binaries.bin, 'postgres'),
    ['-D', paths.cluster, '-c', `listen_addresses=${hostAddress}`, '-c', `port=${port}`, '-c', 'unix_socket_directories='],
    {
      stdio: 'ignore'
    }
  );
  const url = `postgresql://stratalab:${password}@${hostAddress}:${port}/stratalab`;
  const query = async (text: string): Promise<string> => (await runProgram(join(binaries.bin, 'psql'), ['-qAtc', text, url])).trim();
  const deadline = Date.now() + startMs;
  while (!(await answers(query))) {
    if (Date.now() > deadline || server.exitCode !== null) throw new Error(`PostgreSQL did not come up: ${await readFile(paths.log, 'utf8').catch(() => '')}`);
    await pause(100);
  }
  return {
    url,
    query,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    }
  };
}

function answers(query: (text: string) => Promise<unknown>): Promise<boolean> {
  return query('select 1').then(
    () => true,
    () => false
  );
}
