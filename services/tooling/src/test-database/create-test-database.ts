import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh database with pgvector and nothing else, in some 60 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['STRATALAB_TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('Tests need the database that jest.services.config.mjs starts.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template stratalab_template`);
  return {
    url: server.replace(/\/postgres(?=\?|$)/, `/${name}`),
    drop: () => onServer(server, `drop database if exists ${name} with (force)`)
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
