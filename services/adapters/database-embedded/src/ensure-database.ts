import { readFile } from 'node:fs/promises';
import { query } from './server.ts';
import type { ClusterPaths } from './paths.ts';

const name = 'stratalab';

/** Creates the platform's database and its role (no superuser) where they are missing; returns the URL the services use. */
export async function ensureDatabase(paths: ClusterPaths): Promise<string> {
  const password = (await readFile(paths.password, 'utf8')).trim();
  const roles = await query(paths, 'postgres', 'select 1 from pg_roles where rolname = $1', [name]);
  if (roles.rowCount === 0) await query(paths, 'postgres', `create role ${name} login nosuperuser nocreatedb nocreaterole password '${quoteless(password)}'`);
  const databases = await query(paths, 'postgres', 'select 1 from pg_database where datname = $1', [name]);
  if (databases.rowCount === 0) await query(paths, 'postgres', `create database ${name} owner ${name}`);
  await query(paths, name, 'create extension if not exists vector');
  return databaseUrl(paths.socket, password);
}

/** URL of the platform's database on a socket folder. */
export function databaseUrl(socketFolder: string, password: string): string {
  return `postgresql://${name}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(socketFolder)}`;
}

/** Our passwords are base64url; anything else did not come from us. */
function quoteless(password: string): string {
  if (!/^[A-Za-z0-9_-]{16,}$/.test(password)) throw new Error('The database password file was changed by hand; it must hold base64url text.');
  return password;
}
