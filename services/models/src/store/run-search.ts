import type { Tx } from '@stratalab/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Condition, Order } from '../domain/filter.ts';
import { invalidParameter } from '../domain/mlflow-error.ts';
import { all, compareNumber, compareText, existing } from './comparison.ts';
import type { RunRow } from './run-store.ts';

export interface RunSearch {
  readonly tenant: string;
  /** All experiments when absent. */
  readonly experimentIds?: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  /** `all`, or only living or deleted runs. */
  readonly view: 'active' | 'deleted' | 'all';
  readonly offset: number;
  readonly limit: number;
  /** Start and id of the run before the page; only in the default order. */
  readonly after?: readonly [number, string] | undefined;
}

const texts: Readonly<Record<string, RawBuilder<string>>> = {
  run_id: sql`r.id`,
  run_name: sql`r.name`,
  'run name': sql`r.name`,
  'Run name': sql`r.name`,
  'Run Name': sql`r.name`,
  user_id: sql`r.created_by`,
  experiment_id: sql`r.experiment_id`,
  status: sql`upper(r.state)`,
  artifact_uri: sql`'mlflow-artifacts:/' || r.experiment_id || '/' || r.id || '/artifacts'`
};
const numbers: Readonly<Record<string, RawBuilder<number>>> = {
  start_time: sql`r.started_ms`,
  end_time: sql`r.ended_ms`,
  created: sql`r.started_ms`,
  Created: sql`r.started_ms`
};

function conditionSql(condition: Condition): RawBuilder<boolean> {
  const { key } = condition;
  switch (condition.entity) {
    case 'metric': {
      const compared = compareNumber(sql`s.last_value`, condition);
      return sql<boolean>`exists (select 1 from models.metric_series s where s.tenant = r.tenant and s.run_id = r.id and s.key = ${key} and s.last_value <> 'NaN' and ${compared})`;
    }
    case 'param':
      return existing(sql`from models.param p where p.tenant = r.tenant and p.run_id = r.id and p.key = ${key}`, sql`p.value`, condition);
    case 'tag':
      if (key === 'mlflow.runName') return compareText(sql`r.name`, condition);
      return existing(sql`from models.run_tag t where t.tenant = r.tenant and t.run_id = r.id and t.key = ${key}`, sql`t.value`, condition);
    case 'dataset': {
      const column = key === 'name' ? sql`d.name` : key === 'digest' ? sql`d.digest` : key === 'context' ? sql`d.tags ->> 'mlflow.data.context'` : undefined;
      if (column === undefined) throw invalidParameter(`Invalid dataset key '${key}': datasets have name, digest and context.`);
      return existing(sql`from models.run_dataset d where d.tenant = r.tenant and d.run_id = r.id`, column, condition);
    }
    case 'attribute': {
      const text = texts[key];
      if (text !== undefined) return compareText(text, condition);
      const number = numbers[key];
      if (number !== undefined) return compareNumber(number, condition);
      throw invalidParameter(`Invalid attribute key '${key}' specified. Runs have ${Object.keys({ ...texts, ...numbers }).join(', ')}.`);
    }
  }
}

/** Rows without a value come last, whichever the direction; so do values that are not numbers. */
function orderSql(order: Order): RawBuilder<unknown> {
  const direction = order.isDescending ? sql`desc` : sql`asc`;
  switch (order.entity) {
    case 'metric': {
      const value = sql`(select s.last_value from models.metric_series s where s.tenant = r.tenant and s.run_id = r.id and s.key = ${order.key})`;
      return sql`${value} is null, ${value} = 'NaN', ${value} ${direction} nulls last`;
    }
    case 'param':
      return sql`(select p.value from models.param p where p.tenant = r.tenant and p.run_id = r.id and p.key = ${order.key}) ${direction} nulls last`;
    case 'tag':
      return sql`(select t.value from models.run_tag t where t.tenant = r.tenant and t.run_id = r.id and t.key = ${order.key}) ${direction} nulls last`;
    case 'attribute': {
      const column = texts[order.key] ?? numbers[order.key];
      if (column === undefined) throw invalidParameter(`Invalid attribute key '${order.key}' in order_by.`);
      return sql`${column} ${direction} nulls last`;
    }
    case 'dataset':
      throw invalidParameter('Runs cannot be ordered by data sets.');
  }
}

/** Runs that match; by the given orders, then newest first. Answers up to `limit + 1` rows: the extra one says that there are more. */
export async function searchRuns(tx: Tx, search: RunSearch): Promise<readonly RunRow[]> {
  const conditions = [
    sql<boolean>`r.tenant = ${search.tenant}`,
    ...(search.experimentIds === undefined ? [] : [sql<boolean>`r.experiment_id = any(${search.experimentIds}::text[])`]),
    ...(search.view === 'all' ? [] : [search.view === 'deleted' ? sql<boolean>`r.is_deleted` : sql<boolean>`not r.is_deleted`]),
    ...(search.after === undefined ? [] : [sql<boolean>`(r.started_ms < ${search.after[0]} or (r.started_ms = ${search.after[0]} and r.id > ${search.after[1]}))`]),
    ...search.conditions.map(conditionSql)
  ];
  const orders = [...search.orders.map(orderSql), sql`r.started_ms desc`, sql`r.id`];
  const { rows } = await sql<RunRow>`
    select r.* from models.run r where ${all(conditions)}
    order by ${sql.join(orders)} limit ${search.limit + 1} offset ${search.offset}`.execute(tx);
  return rows;
}
