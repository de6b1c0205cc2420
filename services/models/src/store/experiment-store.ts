import type { Experiment } from '@stratalab/contracts/models';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type ModelsTables } from './tables.ts';

export type ExperimentRow = Selectable<ModelsTables['models.experiment']>;

/** The experiment MLflow clients use when none is named. */
export const defaultExperimentId = '0';

export async function findExperiment(tx: Tx, tenant: string, by: { readonly id: string } | { readonly name: string }): Promise<ExperimentRow | undefined> {
  const query = tables(tx).selectFrom('models.experiment').selectAll().where('tenant', '=', tenant);
  return ('id' in by ? query.where('id', '=', by.id) : query.where('name', '=', by.name)).executeTakeFirst();
}

/** Adds an experiment; `undefined` when the name is taken, also by a deleted one. */
export async function insertExperiment(
  tx: Tx,
  row: { tenant: string; id: string; name: string; description?: string; createdBy: string | null }
): Promise<ExperimentRow | undefined> {
  return tables(tx)
    .insertInto('models.experiment')
    .values({ tenant: row.tenant, id: row.id, name: row.name, description: row.description ?? '', created_by: row.createdBy })
    .onConflict(conflict => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Idempotent. */
export async function ensureDefaultExperiment(tx: Tx, tenant: string): Promise<void> {
  await insertExperiment(tx, { tenant, id: defaultExperimentId, name: 'Default', createdBy: null });
}

/** Changes name or life cycle; `false` when there is no such experiment. */
export async function updateExperiment(tx: Tx, tenant: string, change: { id: string; name?: string; isDeleted?: boolean }): Promise<boolean> {
  const result = await tables(tx)
    .updateTable('models.experiment')
    .set({
      updated_at: sql<string>`now()`,
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.isDeleted === undefined ? {} : { is_deleted: change.isDeleted })
    })
    .where('tenant', '=', tenant)
    .where('id', '=', change.id)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function setExperimentTag(tx: Tx, tag: { tenant: string; experimentId: string; key: string; value: string }): Promise<void> {
  await tables(tx)
    .insertInto('models.experiment_tag')
    .values({ tenant: tag.tenant, experiment_id: tag.experimentId, key: tag.key, value: tag.value })
    .onConflict(conflict => conflict.columns(['tenant', 'experiment_id', 'key']).doUpdateSet({ value: tag.value }))
    .execute();
}

/** `false` when the experiment has no such tag. */
export async function deleteExperimentTag(tx: Tx, tag: { tenant: string; experimentId: string; key: string }): Promise<boolean> {
  const result = await tables(tx)
    .deleteFrom('models.experiment_tag')
    .where('tenant', '=', tag.tenant)
    .where('experiment_id', '=', tag.experimentId)
    .where('key', '=', tag.key)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function readExperimentTags(tx: Tx, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, { key: string; value: string }[]>> {
  const tags = new Map<string, { key: string; value: string }[]>();
  if (ids.length === 0) return tags;
  const rows = await tables(tx).selectFrom('models.experiment_tag').selectAll().where('tenant', '=', tenant).where('experiment_id', 'in', ids).orderBy('key').execute();
  for (const row of rows) tags.set(row.experiment_id, [...(tags.get(row.experiment_id) ?? []), { key: row.key, value: row.value }]);
  return tags;
}

type CountedRow = ExperimentRow & { run_count: number; running_count: number };

function experimentOf(row: CountedRow): Experiment {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    runCount: Number(row.run_count),
    runningCount: Number(row.running_count),
    createdBy: row.created_by,
    createdAt: row.created_at,
    lastRunAt: row.last_run_at
  };
}

/** The living experiments, the one with the newest run first. */
export async function listExperimentPage(
  tx: Tx,
  tenant: string,
  request: { cursor?: string | undefined; limit: number; search?: string | undefined; id?: string }
): Promise<{ items: Experiment[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 2);
  const recent = sql<string>`coalesce(e.last_run_at, e.created_at)`;
  const { rows } = await sql<CountedRow & { recent: string }>`
    select e.*, ${recent} as recent,
      (select count(*) from models.run r where r.tenant = e.tenant and r.experiment_id = e.id and not r.is_deleted) as run_count,
      (select count(*) from models.run r where r.tenant = e.tenant and r.experiment_id = e.id and not r.is_deleted and r.state = 'running') as running_count
    from models.experiment e
    where e.tenant = ${tenant} and not e.is_deleted
      ${request.id === undefined ? sql`` : sql`and e.id = ${request.id}`}
      ${request.search === undefined ? sql`` : sql`and e.name ilike ${`%${request.search.replace(/[%_\\]/g, '\\$&')}%`}`}
      ${after === undefined ? sql`` : sql`and (${recent}, e.id) < (${String(after[0])}::timestamptz, ${String(after[1])})`}
    order by ${recent} desc, e.id desc limit ${request.limit + 1}`.execute(tx);
  return pageOf(rows, request.limit, { item: experimentOf, key: row => [row.recent, row.id] });
}
