import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { sql, type Kysely } from 'kysely';

const lockKey = 7_301_000;

/**
 * Applies the numbered SQL files of one service that the database has not seen, each in its own transaction, in the schema named like the
 * service. Safe to interrupt, and safe to run from several processes at once.
 * @throws Error when an applied file was changed afterwards
 */
export async function applyMigrations<Tables>(database: Kysely<Tables>, service: string, folder: URL): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter(name => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  const applied: string[] = [];
  for (const file of files) {
    const text = await readFile(new URL(file, folder), 'utf8');
    if (await applyOne(database, { service, file, text })) applied.push(`${service}/${file}`);
  }
  return applied;
}

async function applyOne<Tables>(database: Kysely<Tables>, migration: { service: string; file: string; text: string }): Promise<boolean> {
  const { service, file, text } = migration;
  const digest = createHash('sha256').update(text).digest('hex');
  return database.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
    await sql`create table if not exists public.stratalab_migration (service text, file text, digest text not null, time timestamptz not null default now(), primary key (service, file))`.execute(
      tx
    );
    await sql`create schema if not exists ${sql.id(service)}`.execute(tx);
    const known = await sql<{ digest: string }>`select digest from public.stratalab_migration where service = ${service} and file = ${file}`.execute(tx);
    const before = known.rows[0];
    if (before !== undefined) {
      if (before.digest !== digest) throw new Error(`Migration ${service}/${file} was changed after it was applied; write a new one instead.`);
      return false;
    }
    await sql.raw(text).execute(tx);
    await sql`insert into public.stratalab_migration (service, file, digest) values (${service}, ${file}, ${digest})`.execute(tx);
    return true;
  });
}
