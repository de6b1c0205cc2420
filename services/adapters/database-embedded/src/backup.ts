import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import pg from 'pg';
import type { PostgresBinaries } from './locate.ts';
import type { ClusterPaths } from './paths.ts';
import { runClientProgram } from './run-as.ts';

/** Copies the running cluster with its log into an empty folder and verifies the copy; it starts like any cluster. */
export async function backupCluster(binaries: PostgresBinaries, paths: ClusterPaths, target: string): Promise<void> {
  const password = (await readFile(paths.ownerPassword, 'utf8')).trim();
  const taken = await runClientProgram(join(binaries.bin, 'pg_basebackup'), ['-h', paths.socket, '-p', '5432', '-U', 'owner', '-D', target, '-X', 'stream', '-c', 'fast'], {
    PGPASSWORD: password
  });
  if (taken.code !== 0) throw new Problem('unavailable', { detail: `The database could not be backed up: ${taken.output.trim()}` });
  await verifyCluster(binaries, target);
}

/** Checks every file of a copied cluster, and that its log can be read. @throws invalid-input naming what does not match */
export async function verifyCluster(binaries: PostgresBinaries, copy: string): Promise<void> {
  const checked = await runClientProgram(join(binaries.bin, 'pg_verifybackup'), [copy]);
  if (checked.code !== 0) throw new Problem('invalid-input', { detail: `The backup is damaged: ${checked.output.trim()}` });
}

export interface DumpOptions {
  /** A setting by which row-level security shows every row to this role (`app.tenant=*`); without it, a table with forced security is an error. */
  readonly everyRow?: string;
}

/**
 * Writes one database into a file that any newer PostgreSQL can read: the way from the embedded server to one by URL.
 * `binaries` must be at least as new as the server.
 */
export async function dumpDatabase(binaries: PostgresBinaries, url: string, file: string, { everyRow }: DumpOptions = {}): Promise<void> {
  const security = everyRow === undefined ? { words: [], environment: {} } : { words: ['--enable-row-security'], environment: { PGOPTIONS: `-c ${everyRow}` } };
  const words = ['-Fc', '--no-owner', '--no-comments', ...security.words, '-f', file];
  const { code, output } = await runClientProgram(join(binaries.bin, 'pg_dump'), words, { ...environmentOf(url), ...security.environment });
  if (code !== 0) throw new Problem('unavailable', { detail: `The database could not be dumped: ${output.trim()}` });
}

/** Fills an empty database from a dump, all or nothing. @throws invalid-input when the dump does not fit */
export async function restoreDump(binaries: PostgresBinaries, url: string, file: string): Promise<void> {
  const environment = environmentOf(url);
  const { code, output } = await runClientProgram(
    join(binaries.bin, 'pg_restore'),
    ['--no-owner', '--no-comments', '--single-transaction', '--exit-on-error', '-d', environment.PGDATABASE, file],
    environment
  );
  if (code !== 0) throw new Problem('invalid-input', { detail: `The dump could not be restored: ${output.trim()}` });
}

/** The parts of a URL as libpq's variables: a URL in argv would show the password to every user of the machine. */
function environmentOf(url: string): { PGHOST: string; PGPORT: string; PGUSER: string; PGPASSWORD: string; PGDATABASE: string } {
  const { host, port, user, password, database } = new pg.Client({ connectionString: url });
  return { PGHOST: host, PGPORT: String(port), PGUSER: user ?? '', PGPASSWORD: typeof password === 'string' ? password : '', PGDATABASE: database ?? '' };
}
