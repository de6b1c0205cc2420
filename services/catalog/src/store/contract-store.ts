import type { CheckResult, ContractRun } from '@stratalab/contracts/catalog';
import { decodeCursor, newId, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type CatalogTables } from './tables.ts';

type ContractRow = Selectable<CatalogTables['catalog.contract']>;
type RunRow = Selectable<CatalogTables['catalog.contract_run']>;

const keptRuns = 200;

function runOf(row: RunRow): ContractRun {
  return { id: row.id, version: String(row.version), state: row.state, time: row.time, results: [...row.results] };
}

export async function findContract(tx: Tx, tenant: string, dataset: string): Promise<ContractRow | undefined> {
  return tables(tx).selectFrom('catalog.contract').selectAll().where('tenant', '=', tenant).where('dataset', '=', dataset).executeTakeFirst();
}

export async function writeContract(
  tx: Tx,
  contract: { readonly tenant: string; readonly dataset: string; readonly document: string; readonly subject: string }
): Promise<ContractRow> {
  const { tenant, dataset, document, subject } = contract;
  return tables(tx)
    .insertInto('catalog.contract')
    .values({ tenant, dataset, document, updated_by: subject })
    .onConflict(conflict => conflict.columns(['tenant', 'dataset']).doUpdateSet({ document, updated_by: subject, updated_at: sql<string>`now()` }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Keeps the results of one run; the oldest beyond 200 per dataset go. */
export async function insertRun(
  tx: Tx,
  run: { readonly tenant: string; readonly dataset: string; readonly version: number; readonly state: 'passed' | 'failed'; readonly results: readonly CheckResult[] }
): Promise<ContractRun> {
  const row = await tables(tx)
    .insertInto('catalog.contract_run')
    .values({ ...run, id: newId(), results: JSON.stringify(run.results) })
    .returningAll()
    .executeTakeFirstOrThrow();
  await sql`
    delete from catalog.contract_run where tenant = ${run.tenant} and dataset = ${run.dataset} and id in
      (select id from catalog.contract_run where tenant = ${run.tenant} and dataset = ${run.dataset} order by id desc offset ${keptRuns})`.execute(tx);
  return runOf(row);
}

export async function listRunPage(
  tx: Tx,
  request: { readonly tenant: string; readonly dataset: string; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: ContractRun[]; nextCursor: string | null }> {
  const before = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('catalog.contract_run')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .where('dataset', '=', request.dataset)
    .orderBy('id', 'desc')
    .limit(request.limit + 1);
  if (before !== undefined) query = query.where('id', '<', String(before));
  return pageOf(await query.execute(), request.limit, { item: runOf, key: row => [row.id] });
}
