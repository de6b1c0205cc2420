import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';

/** A table with rows of tenants, as the database itself describes it. */
export interface TableFacts {
  /** `schema.table`. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  /** Column that numbers itself (`generated always as identity`). */
  readonly identity: string | null;
  readonly foreignKeys: readonly { readonly columns: readonly string[]; readonly table: string; readonly toColumns: readonly string[] }[];
}

/** The one table that belongs to all tenants and travels with them. */
export const sharedTable = 'control.profile';

/** Every table of every service that row-level security divides by tenant, and the shared one; new migrations bring theirs without a word here. */
export async function readTableFacts(tx: Tx): Promise<readonly TableFacts[]> {
  const { rows } = await sql<{ name: string; columns: string[]; primary_key: string[] | null; identity: string | null; foreign_keys: TableFacts['foreignKeys'] | null }>`
    select n.nspname || '.' || c.relname as name,
      (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      (select json_agg(a.attname order by array_position(i.indkey::int2[], a.attnum)) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
        where i.indrelid = c.oid and i.indisprimary) as primary_key,
      (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attidentity <> '' limit 1) as identity,
      (select json_agg(json_build_object(
          'table', tn.nspname || '.' || t.relname,
          'columns', (select json_agg(a.attname order by k.at) from unnest(f.conkey) with ordinality k(number, at) join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number),
          'toColumns', (select json_agg(a.attname order by k.at) from unnest(f.confkey) with ordinality k(number, at) join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.number)))
        from pg_constraint f join pg_class t on t.oid = f.confrelid join pg_namespace tn on tn.oid = t.relnamespace where f.conrelid = c.oid and f.contype = 'f') as foreign_keys
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and (c.relrowsecurity or n.nspname || '.' || c.relname = ${sharedTable}) and n.nspname in (select service from public.stratalab_migration)
    order by 1`.execute(tx);
  return rows.map(row => ({ name: row.name, columns: row.columns, primaryKey: row.primary_key ?? [], identity: row.identity, foreignKeys: row.foreign_keys ?? [] }));
}

export interface SchemaStepRow {
  readonly service: string;
  readonly file: string;
  readonly digest: string;
}

/** The SQL files that this database has seen. */
export async function readSchemaSteps(tx: Tx): Promise<readonly SchemaStepRow[]> {
  const { rows } = await sql<SchemaStepRow>`select service, file, digest from public.stratalab_migration order by service, file`.execute(tx);
  return rows;
}
