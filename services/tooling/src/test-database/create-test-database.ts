import { randomBytes } from 'node:crypto';
import { onServer, template, withDatabase } from './template.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh database with pgvector and nothing else, in some 60 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['STRATALAB_TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('Tests need the database that jest.services.config.mjs starts.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${template}`);
  return {
    url: withDatabase(server, name),
    drop: async () => void (await onServer(server, `drop database if exists ${name} with (force)`))
  };
}
