import { Problem } from '@stratalab/contracts';
import pg from 'pg';
import { assertDurable } from './settings.ts';

const lowestVersion = 150_000;

/**
 * Checks a PostgreSQL that is not ours before the platform relies on it: version, durability, pgvector, and a role that is no superuser.
 * @throws unavailable when it does not answer; invalid-state with the statement that mends it
 */
export async function checkServerByUrl(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw new Problem('unavailable', {
      detail: `The database of DATABASE_URL does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Check the address, the role and its password.',
      cause
    });
  });
  try {
    await assertFit(client);
    await assertDurable(client);
  } finally {
    await client.end();
  }
}

async function assertFit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; superuser: boolean; role: string; vector: boolean }>(
    `select current_setting('server_version_num')::int as version, rolsuper or rolbypassrls as superuser, rolname as role,
            exists (select from pg_extension where extname = 'vector') as vector
     from pg_roles where rolname = current_user`
  );
  const facts = rows[0];
  if (facts === undefined || facts.version < lowestVersion)
    throw new Problem('invalid-state', { detail: 'The database of DATABASE_URL is older than PostgreSQL 15.', hint: 'Use PostgreSQL 15 or newer.' });
  if (facts.superuser)
    throw new Problem('invalid-state', {
      detail: `The role '${facts.role}' of DATABASE_URL passes by row-level security.`,
      hint: `As an administrator: alter role "${facts.role}" nosuperuser nobypassrls`
    });
  if (!facts.vector)
    throw new Problem('invalid-state', { detail: 'The database of DATABASE_URL has no pgvector.', hint: 'As an administrator, in that database: create extension vector' });
}
