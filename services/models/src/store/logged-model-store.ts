import type { Tx } from '@stratalab/kernel';
import { sql, type Insertable, type RawBuilder, type Selectable } from 'kysely';
import type { Condition, Order } from '../domain/filter.ts';
import { invalidParameter } from '../domain/mlflow-error.ts';
import { all, compareNumber, compareText } from './comparison.ts';
import { tables, type ModelsTables } from './tables.ts';

export type LoggedModelRow = Selectable<ModelsTables['models.logged_model']>;
export type LoggedModelMetricRow = Selectable<ModelsTables['models.logged_model_metric']>;

export async function insertLoggedModel(tx: Tx, row: Insertable<ModelsTables['models.logged_model']>): Promise<LoggedModelRow> {
  return tables(tx).insertInto('models.logged_model').values(row).returningAll().executeTakeFirstOrThrow();
}

/** The living logged model; deleted ones do not answer. */
export async function findLoggedModel(tx: Tx, tenant: string, id: string): Promise<LoggedModelRow | undefined> {
  return tables(tx).selectFrom('models.logged_model').selectAll().where('tenant', '=', tenant).where('id', '=', id).where('is_deleted', '=', false).executeTakeFirst();
}

export async function findLoggedModels(tx: Tx, tenant: string, ids: readonly string[]): Promise<readonly LoggedModelRow[]> {
  if (ids.length === 0) return [];
  return tables(tx)
    .selectFrom('models.logged_model')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', 'in', ids)
    .where('is_deleted', '=', false)
    .orderBy('created_ms')
    .execute();
}

export interface LoggedModelChange {
  readonly state?: 'ready' | 'failed';
  readonly isDeleted?: boolean;
  /** Added to what is there; the last value wins. */
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly removedTag?: string;
  readonly nowMs: number;
}

export async function updateLoggedModel(tx: Tx, tenant: string, id: string, change: LoggedModelChange): Promise<LoggedModelRow | undefined> {
  const { rows } = await sql<LoggedModelRow>`
    update models.logged_model set updated_ms = ${change.nowMs},
      state = coalesce(${change.state ?? null}, state),
      is_deleted = coalesce(${change.isDeleted ?? null}, is_deleted),
      params = params || ${JSON.stringify(change.params ?? {})}::jsonb,
      tags = (tags || ${JSON.stringify(change.tags ?? {})}::jsonb) - ${change.removedTag ?? ''}
    where tenant = ${tenant} and id = ${id} and not is_deleted returning *`.execute(tx);
  return rows[0];
}

export async function readModelMetrics(tx: Tx, tenant: string, ids: readonly string[]): Promise<readonly LoggedModelMetricRow[]> {
  if (ids.length === 0) return [];
  return tables(tx).selectFrom('models.logged_model_metric').selectAll().where('tenant', '=', tenant).where('model_id', 'in', ids).orderBy('key').execute();
}

const texts: Readonly<Record<string, RawBuilder<string>>> = {
  name: sql`m.name`,
  model_id: sql`m.id`,
  model_type: sql`m.model_type`,
  status: sql`upper(m.state)`,
  source_run_id: sql`m.run_id`
};
const numbers: Readonly<Record<string, RawBuilder<number>>> = {
  creation_timestamp: sql`m.created_ms`,
  creation_time: sql`m.created_ms`,
  last_updated_timestamp: sql`m.updated_ms`,
  last_updated_time: sql`m.updated_ms`
};

function conditionSql(condition: Condition): RawBuilder<boolean> {
  const { entity, key } = condition;
  if (entity === 'metric') {
    return sql<boolean>`exists (select 1 from models.logged_model_metric v where v.tenant = m.tenant and v.model_id = m.id and v.key = ${key} and ${compareNumber(sql`v.value`, condition)})`;
  }
  if (entity === 'param') return compareText(sql`m.params ->> ${key}`, condition);
  if (entity === 'tag') return compareText(sql`m.tags ->> ${key}`, condition);
  const text = texts[key];
  if (entity === 'attribute' && text !== undefined) return compareText(text, condition);
  const number = numbers[key];
  if (entity === 'attribute' && number !== undefined) return compareNumber(number, condition);
  throw invalidParameter(`Invalid attribute key '${key}' specified for logged models.`);
}

function orderSql(order: Order): RawBuilder<unknown> {
  const direction = order.isDescending ? sql`desc` : sql`asc`;
  const column =
    order.entity === 'metric'
      ? sql`(select max(v.value) from models.logged_model_metric v where v.tenant = m.tenant and v.model_id = m.id and v.key = ${order.key})`
      : (texts[order.key] ?? numbers[order.key]);
  if (column === undefined) throw invalidParameter(`Invalid order_by key '${order.key}' for logged models.`);
  return sql`${column} ${direction} nulls last`;
}

/** Living logged models of some experiments; up to `limit + 1` rows. */
export async function searchLoggedModels(
  tx: Tx,
  search: { tenant: string; experimentIds: readonly string[]; conditions: readonly Condition[]; orders: readonly Order[]; offset: number; limit: number }
): Promise<readonly LoggedModelRow[]> {
  const conditions = [
    sql<boolean>`m.tenant = ${search.tenant} and not m.is_deleted and m.experiment_id = any(${search.experimentIds}::text[])`,
    ...search.conditions.map(conditionSql)
  ];
  const orders = [...search.orders.map(orderSql), sql`m.created_ms desc`, sql`m.id`];
  const { rows } = await sql<LoggedModelRow>`
    select m.* from models.logged_model m where ${all(conditions)} order by ${sql.join(orders)} limit ${search.limit + 1} offset ${search.offset}`.execute(tx);
  return rows;
}
