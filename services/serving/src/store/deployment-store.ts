import type { Condition } from '@stratalab/contracts';
import type { DeploymentState } from '@stratalab/contracts/serving';
import { decodeCursor, type Tx } from '@stratalab/kernel';
import { sql, type Insertable, type Selectable } from 'kysely';
import { tables, type ServingTables } from './tables.ts';

export type DeploymentRow = Selectable<ServingTables['serving.deployment']>;
export type NewDeployment = Insertable<ServingTables['serving.deployment']>;

/** False when the name is taken. */
export async function insertDeployment(tx: Tx, row: NewDeployment): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('serving.deployment')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function findDeployment(tx: Tx, tenant: string, name: string): Promise<DeploymentRow | undefined> {
  return tables(tx).selectFrom('serving.deployment').selectAll().where('tenant', '=', tenant).where('name', '=', name).where('is_deleted', '=', false).executeTakeFirst();
}

/** By id, deleted ones too. */
export async function readDeployment(tx: Tx, id: string): Promise<DeploymentRow | undefined> {
  return tables(tx).selectFrom('serving.deployment').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface DeploymentFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly model?: string | undefined;
  readonly state?: DeploymentState | undefined;
}

/** One row more than asked for, newest first. */
export async function listDeploymentRows(tx: Tx, tenant: string, filter: DeploymentFilter): Promise<readonly DeploymentRow[]> {
  const after = decodeCursor(filter.cursor, 2);
  let query = tables(tx).selectFrom('serving.deployment').selectAll().where('tenant', '=', tenant).where('is_deleted', '=', false);
  if (filter.model !== undefined) query = query.where('model_name', '=', filter.model);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (after !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${String(after[0])}::timestamptz, ${String(after[1])})`);
  return query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute();
}

/** Rows by name, for lists of endpoints; one more than asked for. */
export async function listDeploymentsByName(
  tx: Tx,
  tenant: string,
  filter: { readonly after: string | undefined; readonly limit: number; readonly kind?: string | undefined }
): Promise<readonly DeploymentRow[]> {
  let query = tables(tx).selectFrom('serving.deployment').selectAll().where('tenant', '=', tenant).where('is_deleted', '=', false);
  if (filter.after !== undefined) query = query.where('name', '>', filter.after);
  if (filter.kind !== undefined) query = query.where(sql<boolean>`kind = ${filter.kind}`);
  return query
    .orderBy('name')
    .limit(filter.limit + 1)
    .execute();
}

export interface SpecChange {
  readonly wanted_replicas?: number;
  readonly is_stopped?: boolean;
  readonly model_version?: number;
  readonly model_alias?: string | null;
  readonly model_urn?: string;
  readonly format?: string;
  readonly folder?: string;
  readonly entry_file?: string | null;
  readonly size_bytes?: number;
  readonly memory_mib?: number;
  readonly state?: DeploymentState;
  readonly message?: string;
}

/** Writes the spec and counts the generation up; a new revision replaces the replicas. */
export async function changeSpec(tx: Tx, id: string, change: SpecChange & { readonly isReplacing?: boolean }): Promise<DeploymentRow> {
  const { isReplacing, ...columns } = change;
  return tables(tx)
    .updateTable('serving.deployment')
    .set({ ...columns, updated_at: sql<string>`now()`, generation: sql`generation + 1`, ...(isReplacing === true ? { revision: sql`revision + 1` } : {}) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function markDeleted(tx: Tx, id: string): Promise<void> {
  await tables(tx)
    .updateTable('serving.deployment')
    .set({ is_deleted: true, is_stopped: true, updated_at: sql<string>`now()`, generation: sql`generation + 1` })
    .where('id', '=', id)
    .execute();
}

export interface StatusChange {
  readonly state: DeploymentState;
  readonly message: string;
  readonly readyReplicas: number;
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
}

export async function writeStatus(tx: Tx, id: string, status: StatusChange): Promise<void> {
  await tables(tx)
    .updateTable('serving.deployment')
    .set({
      state: status.state,
      message: status.message,
      ready_replicas: status.readyReplicas,
      observed_generation: status.observedGeneration,
      conditions: JSON.stringify(status.conditions)
    })
    .where('id', '=', id)
    .execute();
}

export async function removeDeployment(tx: Tx, id: string): Promise<void> {
  await tables(tx).deleteFrom('serving.deployment').where('id', '=', id).execute();
}

/** Deployments that must be looked at now and then: something runs, or should, or should go. */
export async function listLiving(tx: Tx): Promise<readonly { readonly id: string; readonly tenant: string }[]> {
  return tables(tx)
    .selectFrom('serving.deployment')
    .select(['id', 'tenant'])
    .where(eb =>
      eb.or([
        eb('is_stopped', '=', false),
        eb('is_deleted', '=', true),
        eb.exists(eb.selectFrom('serving.replica').select('serving.replica.id').whereRef('serving.replica.deployment_id', '=', 'serving.deployment.id'))
      ])
    )
    .execute();
}
