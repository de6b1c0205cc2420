import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locatePostgres, startPostgres, stopPostgres, type ClusterPaths, type PostgresBinaries } from '@stratalab/database-embedded';
import { onServer, template } from './template.ts';

export interface TestServer {
  /** URL of a role without superuser rights that may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The server programs of this checkout. */
export function binariesOf(major: 16 | 18): Promise<PostgresBinaries> {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  return locatePostgres(process.env['STRATALAB_VENV'] ?? join(root, '.venv'), major);
}

/** Starts the embedded PostgreSQL on an empty folder, with a template database that has pgvector. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-test-'));
  const { paths } = await startPostgres(await binariesOf(16), folder);
  await prepareForTests(paths);
  return {
    url: `postgresql://tester:tester@/postgres?host=${encodeURIComponent(paths.socket)}`,
    async stop() {
      await stopPostgres(folder);
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Makes the role of the tests and the template, as the administrator of a server would. */
export async function prepareForTests(paths: ClusterPaths): Promise<void> {
  const password = (await readFile(paths.ownerPassword, 'utf8')).trim();
  const asOwner = (database: string, statement: string): Promise<unknown> =>
    onServer(`postgresql://owner:${password}@/${database}?host=${encodeURIComponent(paths.socket)}`, statement);
  await asOwner('postgres', "create role tester login createdb password 'tester'");
  await asOwner('postgres', `create database ${template} owner tester`);
  await asOwner(template, 'create extension vector');
  await asOwner('postgres', `alter database ${template} with is_template true`);
}
