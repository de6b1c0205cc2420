import { resourceNames, type Amounts, type Quota, type ResourceName } from '@stratalab/contracts/control';
import { newId, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { admit, units } from '../domain/quota.ts';
import { tables, type ControlTables } from './tables.ts';

export type ReservationRow = Selectable<ControlTables['control.reservation']>;

function isResource(name: string): name is ResourceName {
  return resourceNames.some(known => known === name);
}

function quotaOf(row: Selectable<ControlTables['control.quota']>): Quota[] {
  return isResource(row.resource) ? [{ resource: row.resource, unit: units[row.resource], limit: row.limit, used: row.used, reserved: row.reserved }] : [];
}

export async function readQuotas(tx: Tx, tenant: string): Promise<Quota[]> {
  const rows = await tables(tx).selectFrom('control.quota').selectAll().where('tenant', '=', tenant).execute();
  const tokens = await tokensOfToday(tx, tenant);
  const found = rows.flatMap(quotaOf).map(quota => (quota.resource === 'tokens-per-day' ? { ...quota, used: tokens } : quota));
  return found.sort((a, b) => resourceNames.indexOf(a.resource) - resourceNames.indexOf(b.resource));
}

/** Tokens are used, not held: what the ledger says about this day (UTC), which endpoints report within seconds. */
async function tokensOfToday(tx: Tx, tenant: string): Promise<number> {
  const row = await tables(tx)
    .selectFrom('control.usage')
    .select(sql<number>`coalesce(sum(amount), 0)`.as('tokens'))
    .where('tenant', '=', tenant)
    .where('meter', 'in', ['input-tokens', 'output-tokens'])
    .where('from_time', '>=', sql<string>`date_trunc('day', now() at time zone 'utc') at time zone 'utc'`)
    .executeTakeFirst();
  return row?.tokens ?? 0;
}

export async function setLimit(tx: Tx, request: { tenant: string; resource: ResourceName; limit: number | null }): Promise<Quota | undefined> {
  const row = await tables(tx)
    .updateTable('control.quota')
    .set({ limit: request.limit })
    .where('tenant', '=', request.tenant)
    .where('resource', '=', request.resource)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : quotaOf(row)[0];
}

export async function insertQuotas(tx: Tx, tenant: string, limits: Readonly<Record<ResourceName, number | null>>): Promise<void> {
  await tables(tx)
    .insertInto('control.quota')
    .values(resourceNames.map(resource => ({ tenant, resource, limit: limits[resource], used: 0, reserved: 0 })))
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

/** Locks the quota rows a reservation touches, in one order, so that concurrent admissions queue up instead of overshooting. Reservations are always locked before quotas. */
async function lockQuotas(tx: Tx, tenant: string, names: readonly string[]): Promise<readonly Quota[]> {
  if (names.length === 0) return [];
  const rows = await tables(tx).selectFrom('control.quota').selectAll().where('tenant', '=', tenant).where('resource', 'in', names).orderBy('resource').forUpdate().execute();
  return rows.flatMap(quotaOf);
}

export async function findReservation(tx: Tx, tenant: string, objectUrn: string): Promise<ReservationRow | undefined> {
  return tables(tx).selectFrom('control.reservation').selectAll().where('tenant', '=', tenant).where('object_urn', '=', objectUrn).executeTakeFirst();
}

/**
 * Holds the amounts for an object until `expiresInSeconds`; idempotent by object. Released reservations count again at once.
 * @throws quota-exceeded for the first resource that does not suffice; nothing is held then
 */
export async function holdReservation(
  tx: Tx,
  request: { tenant: string; objectUrn: string; amounts: Amounts; expiresInSeconds: number; isOverLimitAccepted?: boolean }
): Promise<ReservationRow> {
  const wanted = amountsOf(request.amounts);
  await expireHeld(tx, request.tenant);
  const quotas = await lockQuotas(tx, request.tenant, Object.keys(wanted));
  const existing = await findReservation(tx, request.tenant, request.objectUrn);
  if (existing !== undefined) return existing;
  if (request.isOverLimitAccepted !== true) for (const quota of quotas) admit(quota, wanted[quota.resource] ?? 0);
  await addTo(tx, request.tenant, 'reserved', wanted);
  return tables(tx)
    .insertInto('control.reservation')
    .values({
      id: newId(),
      tenant: request.tenant,
      object_urn: request.objectUrn,
      amounts: JSON.stringify(wanted),
      state: 'held',
      expires_at: sql<string>`now() + make_interval(secs => ${request.expiresInSeconds})`
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Turns held into used, with the amounts the object really has when they are given; `undefined` when there is no reservation for the object
 * (it expired or was released).
 */
export async function confirmHeld(tx: Tx, tenant: string, objectUrn: string, real?: Amounts): Promise<ReservationRow | undefined> {
  const row = await lockReservation(tx, tenant, objectUrn);
  if (row === undefined || row.state === 'confirmed') return row;
  const amounts = real === undefined ? row.amounts : amountsOf(real);
  await lockQuotas(tx, tenant, [...new Set([...Object.keys(row.amounts), ...Object.keys(amounts)])]);
  await addTo(tx, tenant, 'reserved', negative(row.amounts));
  await addTo(tx, tenant, 'used', amounts);
  const change = { state: 'confirmed' as const, expires_at: null, amounts: JSON.stringify(amounts) };
  return tables(tx).updateTable('control.reservation').set(change).where('id', '=', row.id).returningAll().executeTakeFirstOrThrow();
}

/** Gives everything the object held or used back; a second release does nothing. */
export async function dropReservation(tx: Tx, tenant: string, objectUrn: string): Promise<boolean> {
  const row = await lockReservation(tx, tenant, objectUrn);
  if (row === undefined) return false;
  await addTo(tx, tenant, row.state === 'held' ? 'reserved' : 'used', negative(row.amounts));
  await tables(tx).deleteFrom('control.reservation').where('id', '=', row.id).execute();
  return true;
}

/** Drops held reservations whose object never appeared. */
export async function expireHeld(tx: Tx, tenant: string): Promise<number> {
  const rows = await tables(tx)
    .selectFrom('control.reservation')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', '=', 'held')
    .where('expires_at', '<=', sql<string>`now()`)
    .forUpdate()
    .execute();
  for (const row of rows) {
    await addTo(tx, tenant, 'reserved', negative(row.amounts));
    await tables(tx).deleteFrom('control.reservation').where('id', '=', row.id).execute();
  }
  return rows.length;
}

async function lockReservation(tx: Tx, tenant: string, objectUrn: string): Promise<ReservationRow | undefined> {
  return tables(tx).selectFrom('control.reservation').selectAll().where('tenant', '=', tenant).where('object_urn', '=', objectUrn).forUpdate().executeTakeFirst();
}

async function addTo(tx: Tx, tenant: string, column: 'used' | 'reserved', amounts: Readonly<Record<string, number>>): Promise<void> {
  for (const [resource, amount] of Object.entries(amounts).sort(([a], [b]) => a.localeCompare(b))) {
    await tables(tx)
      .updateTable('control.quota')
      .set({ [column]: sql`greatest(0, ${sql.ref(column)} + ${amount})` })
      .where('tenant', '=', tenant)
      .where('resource', '=', resource)
      .execute();
  }
}

function amountsOf(amounts: Amounts): Record<string, number> {
  return Object.fromEntries(Object.entries(amounts).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] > 0));
}

function negative(amounts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, -amount]));
}
