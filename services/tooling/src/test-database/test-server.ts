import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locatePostgres, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import pg from 'pg';

export interface TestServer {
  /** URL of a role without superuser rights that may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

const template = 'stratalab_template';

/** Starts the embedded PostgreSQL on an empty folder, with a template database that has pgvector. */
export async function startTestServer(): Promise<TestServer> {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-test-'));
  const { paths } = await startPostgres(await locatePostgres(process.env['STRATALAB_VENV'] ?? join(root, '.venv')), folder);
  const password = (await readFile(paths.ownerPassword, 'utf8')).trim();
  const owner = (database: string): pg.Client => new pg.Client({ host: paths.socket, user: 'owner', password, database });
  await run(owner('postgres'), [`create role tester login createdb password 'tester'`, `create database ${template} owner tester`]);
  await run(owner(template), ['create extension vector']);
  await run(owner('postgres'), [`alter database ${template} with is_template true`]);
  return {
    url: `postgresql://tester:tester@/postgres?host=${encodeURIComponent(paths.socket)}`,
    async stop() {
      await stopPostgres(folder);
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function run(client: pg.Client, statements: readonly string[]): Promise<void> {
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
