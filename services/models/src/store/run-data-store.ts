import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { tables } from './tables.ts';

export interface Named {
  readonly key: string;
  readonly value: string;
}

/** Adds params that are new. @returns those that exist with another value: params never change */
export async function insertParams(tx: Tx, tenant: string, runId: string, params: readonly Named[]): Promise<readonly (Named & { readonly before: string })[]> {
  if (params.length === 0) return [];
  const keys = params.map(({ key }) => key);
  const values = params.map(({ value }) => value);
  await sql`
    insert into models.param (tenant, run_id, key, value)
    select ${tenant}, ${runId}, key, value from unnest(${keys}::text[], ${values}::text[]) as g (key, value) order by key
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ key: string; value: string; before: string }>`
    select g.key, g.value, p.value as before from unnest(${keys}::text[], ${values}::text[]) as g (key, value)
    join models.param p on p.tenant = ${tenant} and p.run_id = ${runId} and p.key = g.key
    where p.value <> g.value`.execute(tx);
  return rows;
}

/** Sets tags; the last value wins. */
export async function setRunTags(tx: Tx, tenant: string, runId: string, tags: readonly Named[]): Promise<void> {
  const last = new Map(tags.map(({ key, value }) => [key, value]));
  if (last.size === 0) return;
  await sql`
    insert into models.run_tag (tenant, run_id, key, value)
    select ${tenant}, ${runId}, key, value from unnest(${[...last.keys()]}::text[], ${[...last.values()]}::text[]) as g (key, value) order by key
    on conflict (tenant, run_id, key) do update set value = excluded.value`.execute(tx);
}

/** `false` when the run has no such tag. */
export async function deleteRunTag(tx: Tx, tenant: string, runId: string, key: string): Promise<boolean> {
  const result = await tables(tx).deleteFrom('models.run_tag').where('tenant', '=', tenant).where('run_id', '=', runId).where('key', '=', key).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

type NamedRow = Named & { readonly run_id: string };

export async function readParams(tx: Tx, tenant: string, runIds: readonly string[], perRun: number): Promise<readonly NamedRow[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<NamedRow>`
    select p.* from unnest(${runIds}::text[]) as r (id), lateral (
      select run_id, key, value from models.param where tenant = ${tenant} and run_id = r.id order by key limit ${perRun}) p`.execute(tx);
  return rows;
}

export async function readRunTags(tx: Tx, tenant: string, runIds: readonly string[]): Promise<readonly NamedRow[]> {
  if (runIds.length === 0) return [];
  return tables(tx).selectFrom('models.run_tag').select(['run_id', 'key', 'value']).where('tenant', '=', tenant).where('run_id', 'in', runIds).orderBy('key').execute();
}

export interface DatasetRow {
  readonly run_id: string;
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema: string | null;
  readonly profile: string | null;
  readonly tags: Record<string, string>;
  readonly urn: string | null;
}

/** Notes that a run read a data set; the same one again changes nothing. */
export async function insertRunDatasets(tx: Tx, tenant: string, rows: readonly DatasetRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tables(tx)
    .insertInto('models.run_dataset')
    .values(rows.map(row => ({ ...row, tenant, tags: JSON.stringify(row.tags) })))
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

export async function readRunDatasets(tx: Tx, tenant: string, runIds: readonly string[]): Promise<readonly DatasetRow[]> {
  if (runIds.length === 0) return [];
  return tables(tx).selectFrom('models.run_dataset').selectAll().where('tenant', '=', tenant).where('run_id', 'in', runIds).orderBy('name').orderBy('digest').execute();
}

export interface RunModelRow {
  readonly run_id: string;
  readonly model_id: string;
  readonly direction: 'input' | 'output';
  readonly step: number;
}

export async function insertRunModels(tx: Tx, tenant: string, rows: readonly RunModelRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tables(tx)
    .insertInto('models.run_model')
    .values(rows.map(row => ({ ...row, tenant })))
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

export async function readRunModels(tx: Tx, tenant: string, runIds: readonly string[]): Promise<readonly RunModelRow[]> {
  if (runIds.length === 0) return [];
  return tables(tx).selectFrom('models.run_model').selectAll().where('tenant', '=', tenant).where('run_id', 'in', runIds).orderBy('model_id').execute();
}
