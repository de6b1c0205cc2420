import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { writeSearch } from './search-store.ts';
import { tables, type DatasetRow } from './tables.ts';

/** The dataset as people see it: not one that is being deleted. */
export async function findDataset(tx: Tx, tenant: string, name: string): Promise<DatasetRow | undefined> {
  return tables(tx).selectFrom('catalog.dataset').selectAll().where('tenant', '=', tenant).where('name', '=', name).where('state', '=', 'active').executeTakeFirst();
}

/** The row in whatever state, locked: who makes versions of one dataset queues up here. */
export async function lockDataset(tx: Tx, tenant: string, name: string): Promise<DatasetRow | undefined> {
  return tables(tx).selectFrom('catalog.dataset').selectAll().where('tenant', '=', tenant).where('name', '=', name).forUpdate().executeTakeFirst();
}

export interface DatasetInput {
  readonly tenant: string;
  readonly name: string;
  readonly owner: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly isSample?: boolean;
}

/** Makes the dataset, brings a deleted one back to life (its version numbers go on), or leaves a living one as it is. @returns the locked row */
export async function ensureDataset(tx: Tx, input: DatasetInput): Promise<DatasetRow> {
  const { tenant, name } = input;
  const fresh = { description: input.description ?? '', tags: [...(input.tags ?? [])], owner: input.owner, is_sample: input.isSample ?? false };
  const inserted = await tables(tx)
    .insertInto('catalog.dataset')
    .values({ tenant, name, state: 'active', last_version: 0, ...fresh })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  const row = await lockDataset(tx, tenant, name);
  if (row === undefined) throw new Error('The dataset that was just inserted is not there.');
  if (Number(inserted.numInsertedOrUpdatedRows ?? 0n) === 0 && row.state !== 'deleted') return row;
  if (row.state === 'deleted') {
    await tables(tx)
      .updateTable('catalog.dataset')
      .set({ state: 'active', ...fresh, created_at: sql<string>`now()`, updated_at: sql<string>`now()` })
      .where('tenant', '=', tenant)
      .where('name', '=', name)
      .execute();
  }
  await writeSearch(tx, tenant, name);
  return (await lockDataset(tx, tenant, name)) ?? row;
}

/** Copies what lists show from the newest version that did not fail, or from the newest of all. */
export async function refreshLatest(tx: Tx, tenant: string, name: string): Promise<void> {
  const latest = await tables(tx)
    .selectFrom('catalog.version')
    .select(['version', 'state', 'format', 'row_count', 'size_bytes', 'columns'])
    .where('tenant', '=', tenant)
    .where('dataset', '=', name)
    .orderBy(sql`case when state = 'failed' then 1 else 0 end`)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const before = await lockDataset(tx, tenant, name);
  const hasContract = await tables(tx).selectFrom('catalog.contract').select('dataset').where('tenant', '=', tenant).where('dataset', '=', name).executeTakeFirst();
  const isNewVersion = before?.latest_version !== (latest?.version ?? null) || before?.latest_state !== (latest?.state ?? null);
  await tables(tx)
    .updateTable('catalog.dataset')
    .set({
      latest_version: latest?.version ?? null,
      latest_state: latest?.state ?? null,
      latest_format: latest?.format ?? null,
      row_count: latest?.row_count ?? null,
      size_bytes: latest?.size_bytes ?? null,
      column_names: (latest?.columns ?? []).map(column => column.name),
      updated_at: sql<string>`now()`,
      ...(hasContract === undefined ? { contract_state: 'none' as const } : isNewVersion ? { contract_state: 'pending' as const } : {})
    })
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .execute();
  await writeSearch(tx, tenant, name);
}

export async function setContractState(tx: Tx, request: { readonly tenant: string; readonly name: string; readonly state: DatasetRow['contract_state'] }): Promise<void> {
  await tables(tx).updateTable('catalog.dataset').set({ contract_state: request.state }).where('tenant', '=', request.tenant).where('name', '=', request.name).execute();
}
