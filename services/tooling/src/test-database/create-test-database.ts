import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { onServer, template, withDatabase } from './template.ts';

const passingMs = 20_000;

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
    drop: () => drop(server, name)
  };
}

/** What keeps a database for a moment: a vacuum of the server itself, which ends by itself and may not be ended by us; and who was told to leave and is slow to. */
const passing = ['permission denied to terminate process', 'is being accessed by other users'];

async function drop(server: string, name: string): Promise<void> {
  for (const deadline = Date.now() + passingMs; ; await pause(100)) {
    const failure: unknown = await onServer(server, `drop database if exists ${name} with (force)`).then(
      () => undefined,
      error => error
    );
    if (failure === undefined) return;
    if (Date.now() > deadline || !passing.some(words => String(failure).includes(words))) throw failure;
  }
}
