import { Problem } from '@stratalab/contracts';
import type { Tx } from '@stratalab/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { MovedTable } from './moved-tables.ts';

export interface RowTarget {
  readonly tenant: string;
  /** Absolute path of the tenant's folder here, for the columns that hold one. */
  readonly folder: string;
}

/** What a path inside the tenant's folder may look like; anything else is refused, so that no row leads to other files of the platform. */
const plainPath = '^(objects|jobs)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$';

/** Makes room for which number became which; ends with the transaction. */
export async function prepareNumbers(tx: Tx, tables: readonly MovedTable[]): Promise<void> {
  for (const table of tables) {
    if (table.renumbered !== undefined)
      await sql`create temporary table ${sql.table(numbersOf(table.name))} (old bigint primary key, new bigint not null) on commit drop`.execute(tx);
  }
}

/**
 * Writes rows (JSON texts) into a table of the tenant of the transaction; row-level security refuses rows of another one.
 * @throws invalid-input for rows that are not of this table or tenant; conflict for an id that exists here
 */
export async function insertRows(tx: Tx, table: MovedTable, target: RowTarget, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const records = sql`jsonb_populate_recordset(null::${sql.table(table.name)}, ${`[${lines.join(',')}]`}::jsonb)`;
  await assertPlainPaths(tx, table, records);
  const conflict = table.isKeptWhenThere ? sql` on conflict do nothing` : sql``;
  const columns = sql.join(table.columns.map(column => sql.id(column)));
  const values = sql.join(table.columns.map(column => valueOf(table, column, target)));
  const { refersTo, renumbered } = table;
  const numbers = refersTo === undefined ? sql`` : sql` join ${sql.table(numbersOf(refersTo.table))} n on n.old = ${sql.ref(`r.${refersTo.column}`)}`;
  await explained(table, () =>
    (renumbered === undefined
      ? sql`insert into ${sql.table(table.name)} (${columns}) select ${values} from ${records} r${numbers}${conflict}`
      : sql`
        with incoming as (select * from ${records}),
          numbered as (insert into ${sql.table(numbersOf(table.name))} (old, new)
            select ${sql.id(renumbered)}, nextval(pg_get_serial_sequence(${table.name}, ${renumbered})) from incoming returning old, new)
        insert into ${sql.table(table.name)} (${columns}) overriding system value
        select ${values} from incoming r join numbered n on n.old = ${sql.ref(`r.${renumbered}`)}`
    ).execute(tx)
  );
}

/** Reservations are what is used; the books of the quotas follow from them. */
export async function recountQuotas(tx: Tx, tenant: string): Promise<void> {
  await sql`
    update control.quota q set
      used = coalesce((select sum((r.amounts ->> q.resource)::double precision) from control.reservation r where r.tenant = q.tenant and r.state = 'confirmed'), 0),
      reserved = coalesce((select sum((r.amounts ->> q.resource)::double precision) from control.reservation r where r.tenant = q.tenant and r.state = 'held'), 0)
    where q.tenant = ${tenant}`.execute(tx);
}

function valueOf(table: MovedTable, column: string, target: RowTarget): RawBuilder<unknown> {
  if (column === table.renumbered || column === table.refersTo?.column) return sql`n.new`;
  if (table.pathColumns.includes(column)) return sql`${`${target.folder}/`}::text || ${sql.ref(`r.${column}`)}`;
  return sql.ref(`r.${column}`);
}

async function assertPlainPaths(tx: Tx, table: MovedTable, records: RawBuilder<unknown>): Promise<void> {
  for (const column of table.pathColumns) {
    const { rows } = await sql`select 1 from ${records} r where ${sql.ref(`r.${column}`)} !~ ${plainPath} limit 1`.execute(tx);
    if (rows.length > 0) throw new Problem('invalid-input', { detail: `A row of ${table.name} names a path outside its tenant.`, hint: 'Nothing was moved.' });
  }
}

/** insufficient_privilege (row-level security), unique, foreign key, not null, check, and texts that are no values. */
const refusals: Readonly<Record<string, 'invalid-input' | 'conflict'>> = {
  '42501': 'invalid-input',
  '23505': 'conflict',
  '23503': 'invalid-input',
  '23502': 'invalid-input',
  '23514': 'invalid-input',
  '22P02': 'invalid-input',
  '22023': 'invalid-input'
};

async function explained(table: MovedTable, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? refusals[String(cause.code)] : undefined;
    if (code === undefined) throw cause;
    const detail = code === 'conflict' ? `An object of ${table.name} exists here already.` : `A row of ${table.name} is not one of this tenant, or is damaged.`;
    throw new Problem(code, { detail, hint: 'Nothing was moved.', cause });
  }
}

function numbersOf(table: string): string {
  return `promoted_${table.replace('.', '_')}`;
}
