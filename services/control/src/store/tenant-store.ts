import type { Tenant } from '@stratalab/contracts/control';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import type { Selectable } from 'kysely';
import { tables, type ControlTables } from './tables.ts';

type TenantRow = Selectable<ControlTables['control.tenant']>;

export function tenantOf(row: TenantRow): Tenant {
  return { name: row.name, displayName: row.display_name, createdAt: row.created_at, isSample: row.is_sample, state: row.state };
}

export async function findTenant(tx: Tx, name: string): Promise<Tenant | undefined> {
  const row = await tables(tx).selectFrom('control.tenant').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : tenantOf(row);
}

export async function findTenants(tx: Tx, names: readonly string[]): Promise<readonly Tenant[]> {
  if (names.length === 0) return [];
  const rows = await tables(tx).selectFrom('control.tenant').selectAll().where('name', 'in', names).orderBy('name').execute();
  return rows.map(tenantOf);
}

export async function listTenantPage(tx: Tx, request: { cursor?: string; limit: number }): Promise<{ items: Tenant[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('control.tenant')
    .selectAll()
    .orderBy('name')
    .limit(request.limit + 1);
  if (after !== undefined) query = query.where('name', '>', String(after));
  return pageOf(await query.execute(), request.limit, { item: tenantOf, key: row => [row.name] });
}

/** Adds the tenant; `false` when one of that name exists. */
export async function insertTenant(tx: Tx, tenant: { name: string; displayName: string; isSample: boolean }): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('control.tenant')
    .values({ name: tenant.name, display_name: tenant.displayName, is_sample: tenant.isSample, state: 'active' })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0;
}

/** The tenant, locked until the transaction ends. */
export async function lockTenant(tx: Tx, name: string): Promise<Tenant | undefined> {
  const row = await tables(tx).selectFrom('control.tenant').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
  return row === undefined ? undefined : tenantOf(row);
}

export async function setTenantState(tx: Tx, name: string, state: Tenant['state']): Promise<Tenant> {
  return tenantOf(await tables(tx).updateTable('control.tenant').set({ state }).where('name', '=', name).returningAll().executeTakeFirstOrThrow());
}
