import type { Tx } from '@stratalab/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { MovedTable } from './moved-tables.ts';

const fetchedRows = 1_000;

/** What both sides must agree on: how many rows, and a sum over their hashes that does not depend on their order. */
export interface RowCount {
  readonly rows: number;
  readonly digest: string;
}

/** Times are written in UTC and long statements may take their time; call it first in the transaction. */
export async function prepareForRows(tx: Tx): Promise<void> {
  await sql`set local timezone = 'UTC'`.execute(tx);
  await sql`set local statement_timeout = '30min'`.execute(tx);
  await sql`set local idle_in_transaction_session_timeout = '30min'`.execute(tx);
}

/** The rows of a tenant as JSON, one text per row, in the table's own order; read by a cursor, so that memory stays flat. */
export async function* readRowText(tx: Tx, table: MovedTable, tenant: string): AsyncGenerator<readonly string[]> {
  await sql`declare promoted_rows no scroll cursor for select to_jsonb(r)::text as line from (${selection(table, tenant, table.columns, true)}) r`.execute(tx);
  try {
    for (;;) {
      const { rows } = await sql<{ line: string }>`fetch ${sql.raw(String(fetchedRows))} from promoted_rows`.execute(tx);
      if (rows.length > 0) yield rows.map(({ line }) => line);
      if (rows.length < fetchedRows) return;
    }
  } finally {
    await sql`close promoted_rows`.execute(tx);
  }
}

/** Counts the rows of a tenant; the same rows give the same digest on every server. */
export async function countRows(tx: Tx, table: MovedTable, tenant: string): Promise<RowCount> {
  const { rows } = await sql<{ rows: number; digest: string }>`
    select count(*) as rows, coalesce(sum(('x' || substr(md5(to_jsonb(r)::text), 1, 15))::bit(60)::bigint), 0)::text as digest
    from (${selection(table, tenant, table.compared, false)}) r`.execute(tx);
  const [counted] = rows;
  if (counted === undefined) throw new Error(`Nothing was counted in ${table.name}.`);
  return { rows: Number(counted.rows), digest: counted.digest };
}

function selection(table: MovedTable, tenant: string, columns: readonly string[], isOrdered: boolean): RawBuilder<unknown> {
  const chosen = columns.map(column => (table.pathColumns.includes(column) ? relativePath(column, tenant) : sql.ref(`t.${column}`)));
  const ofTenant = table.tenantColumn === '' ? sql`true` : sql`${sql.ref(`t.${table.tenantColumn}`)} = ${sql.lit(tenant)}`;
  const where = table.where === undefined ? ofTenant : sql`${ofTenant} and (${sql.raw(table.where)})`;
  const order = isOrdered && table.order.length > 0 ? sql` order by ${sql.join(table.order.map(column => sql.ref(`t.${column}`)))}` : sql``;
  const list = chosen.length === 0 ? sql`1 as row` : sql.join(chosen);
  return sql`select ${list} from ${sql.table(table.name)} t where ${where}${order}`;
}

/** A path of this machine without what comes before the tenant's own folder. Names of tenants have no characters that mean something here. */
function relativePath(column: string, tenant: string): RawBuilder<unknown> {
  return sql`regexp_replace(${sql.ref(`t.${column}`)}, ${sql.lit(`^.*/tenants/${tenant}/`)}, '') as ${sql.id(column)}`;
}
