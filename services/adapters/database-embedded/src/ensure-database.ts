import { readFile } from 'node:fs/promises';
import { asOwner } from './owner.ts';
import type { ClusterPaths } from './paths.ts';

const name = 'stratalab';

/**
 * Creates the platform's database, its role (no superuser, makes no databases or roles) and pgvector where they are missing.
 * @returns the URL the services use; it holds the password, so it travels by environment or file, never in argv
 */
export async function ensureDatabase(paths: ClusterPaths): Promise<string> {
  const password = (await readFile(paths.password, 'utf8')).trim();
  await asOwner(paths, 'postgres', async client => {
    const roles = await client.query('select 1 from pg_roles where rolname = $1', [name]);
    if (roles.rowCount === 0) await client.query(`create role ${name} login nosuperuser nocreatedb nocreaterole password '${quoteless(password)}'`);
    const databases = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (databases.rowCount === 0) await client.query(`create database ${name} owner ${name}`);
  });
  await asOwner(paths, name, client => client.query('create extension if not exists vector'));
  return databaseUrl(paths.socket, password);
}

/** URL of the platform's database on a socket folder. */
export function databaseUrl(socketFolder: string, password: string): string {
  return `postgresql://${name}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(socketFolder)}&port=5432`;
}

/** Our passwords are base64url; anything else did not come from us. */
function quoteless(password: string): string {
  if (!/^[A-Za-z0-9_-]{16,}$/.test(password)) throw new Error('The database password file was changed by hand; it must hold base64url text.');
  return password;
}
