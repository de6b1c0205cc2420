import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { ClusterPaths } from './paths.ts';

/** Runs `work` on a connection of the maintenance role `owner` (superuser); only the supervisor ever uses it. */
export async function asOwner<T>(paths: ClusterPaths, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const password = (await readFile(paths.ownerPassword, 'utf8')).trim();
  const client = new pg.Client({ host: paths.socket, port: 5432, user: 'owner', password, database, connectionTimeoutMillis: 5_000 });
  // A server that dies fails the running query; without a listener the same news would end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
