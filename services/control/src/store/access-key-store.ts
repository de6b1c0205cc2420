import { isPermission } from '@stratalab/contracts';
import type { AccessKey } from '@stratalab/contracts/control';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Insertable, type Selectable } from 'kysely';
import { tables, type ControlTables } from './tables.ts';

export type AccessKeyRow = Selectable<ControlTables['control.access_key']>;

export function accessKeyOf(row: AccessKeyRow): AccessKey {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    createdBy: row.created_by,
    scopes: row.scopes.filter(isPermission),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
    hint: row.hint
  };
}

export async function insertAccessKey(tx: Tx, row: Insertable<ControlTables['control.access_key']>): Promise<AccessKeyRow> {
  return tables(tx).insertInto('control.access_key').values(row).returningAll().executeTakeFirstOrThrow();
}

/** Newest first; job tokens are left out, they live and die with their job. */
export async function listAccessKeyPage(
  tx: Tx,
  request: { tenant: string; cursor?: string | undefined; limit: number }
): Promise<{ items: AccessKey[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 2);
  let query = tables(tx)
    .selectFrom('control.access_key')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .where('kind', '=', 'access-key')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(request.limit + 1);
  if (after !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${String(after[0])}::timestamptz, ${String(after[1])})`);
  return pageOf(await query.execute(), request.limit, { item: accessKeyOf, key: row => [row.created_at, row.id] });
}

/** Marks the key revoked; `false` when the tenant has no such key. A second time changes nothing. */
export async function revokeKey(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const result = await tables(tx)
    .updateTable('control.access_key')
    .set({ revoked_at: sql<string>`coalesce(revoked_at, now())` })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The living key of a digest: not revoked, not expired. Its time of use is kept to the minute. */
export async function findLivingKey(tx: Tx, digest: string): Promise<AccessKeyRow | undefined> {
  const row = await tables(tx)
    .selectFrom('control.access_key')
    .selectAll()
    .where('digest', '=', digest)
    .where('revoked_at', 'is', null)
    .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]))
    // Keys of a closed tenant sleep; they work again when it is opened.
    .where(eb => eb.exists(eb.selectFrom('control.tenant').select('name').whereRef('control.tenant.name', '=', 'control.access_key.tenant').where('state', '=', 'active')))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  await tables(tx)
    .updateTable('control.access_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', row.id)
    .where(eb => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', sql<string>`now() - interval '1 minute'`)]))
    .execute();
  return row;
}
