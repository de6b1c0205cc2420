import type { Promotion } from '@stratalab/contracts/control';
import type { Tx } from '@stratalab/kernel';
import { sql, type Insertable, type Selectable } from 'kysely';
import { movedTables } from '../promotion/moved-tables.ts';
import { readTableFacts } from '../promotion/table-facts.ts';
import { tables, type ControlTables } from './tables.ts';

export type PromotionRow = Selectable<ControlTables['control.promotion']>;

export function promotionOf(row: PromotionRow): Promotion {
  return {
    id: row.id,
    tenant: row.tenant,
    state: row.state,
    source: row.source,
    begunBy: row.begun_by,
    begunAt: row.begun_at,
    promotedAt: row.promoted_at,
    tables: row.tables.map(({ name, rows }) => ({ name, rows })),
    fileCount: row.file_count,
    sizeBytes: row.size_bytes
  };
}

export async function findPromotion(tx: Tx, tenant: string): Promise<PromotionRow | undefined> {
  return tables(tx).selectFrom('control.promotion').selectAll().where('tenant', '=', tenant).executeTakeFirst();
}

/** As `findPromotion`; others who want to change it wait until this transaction ends. */
export async function lockPromotion(tx: Tx, tenant: string): Promise<PromotionRow | undefined> {
  return tables(tx).selectFrom('control.promotion').selectAll().where('tenant', '=', tenant).forUpdate().executeTakeFirst();
}

/** Keeps what is wanted now; a promotion that goes on may bring another manifest. */
export async function savePromotion(tx: Tx, row: Insertable<ControlTables['control.promotion']>): Promise<PromotionRow> {
  const { tenant: _tenant, id: _id, ...changed } = row;
  return tables(tx)
    .insertInto('control.promotion')
    .values(row)
    .onConflict(conflict => conflict.column('tenant').doUpdateSet(changed))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function markPromoted(tx: Tx, tenant: string, counted: readonly { readonly name: string; readonly rows: number }[]): Promise<PromotionRow> {
  return tables(tx)
    .updateTable('control.promotion')
    .set({ state: 'promoted', promoted_at: sql<string>`now()`, tables: JSON.stringify(counted) })
    .where('tenant', '=', tenant)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function dropPromotion(tx: Tx, tenant: string): Promise<void> {
  await tables(tx).deleteFrom('control.promotion').where('tenant', '=', tenant).where('state', '=', 'receiving').execute();
}

/** The first table that has rows under this name although there is no such tenant: an earlier one was deleted, or somebody knocked at its door. */
export async function findRemains(tx: Tx, tenant: string): Promise<string | undefined> {
  for (const table of movedTables(await readTableFacts(tx))) {
    if (table.tenantColumn === '') continue;
    const { rows } = await sql`select 1 from ${sql.table(table.name)} t where ${sql.ref(`t.${table.tenantColumn}`)} = ${tenant} limit 1`.execute(tx);
    if (rows.length > 0) return table.name;
  }
  return undefined;
}
