import type { Tx } from '@stratalab/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Condition, Order } from '../domain/filter.ts';
import { invalidParameter } from '../domain/mlflow-error.ts';
import { all, compareNumber, compareText } from './comparison.ts';
import type { ExperimentRow } from './experiment-store.ts';
import type { ModelRow } from './model-store.ts';
import type { VersionRow } from './version-store.ts';

export interface Search {
  readonly tenant: string;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  readonly offset: number;
  readonly limit: number;
}

/** Clients ask for models that are no prompts by this tag, and mean those without it too. */
const promptTag = 'mlflow.prompt.is_prompt';

interface Fields {
  readonly texts: Readonly<Record<string, RawBuilder<unknown>>>;
  readonly numbers: Readonly<Record<string, RawBuilder<unknown>>>;
  /** Value of a tag, by its key. */
  readonly tag: (key: string) => RawBuilder<unknown>;
}

function conditionSql(fields: Fields, condition: Condition): RawBuilder<boolean> {
  if (condition.entity === 'tag') {
    const tag = fields.tag(condition.key);
    if (condition.key === promptTag && condition.operator === '!=') return sql<boolean>`${tag} is distinct from ${String(condition.value)}`;
    if (condition.operator === 'IS NULL') return sql<boolean>`${tag} is null`;
    if (condition.operator === 'IS NOT NULL') return sql<boolean>`${tag} is not null`;
    return compareText(tag, condition);
  }
  const text = fields.texts[condition.key];
  if (condition.entity === 'attribute' && text !== undefined) return compareText(text, condition);
  const number = fields.numbers[condition.key];
  if (condition.entity === 'attribute' && number !== undefined) return compareNumber(number, condition);
  throw invalidParameter(`Invalid attribute key '${condition.key}' specified. Valid keys are ${Object.keys({ ...fields.texts, ...fields.numbers }).join(', ')} and tags.`);
}

function orderSql(fields: Fields, order: Order): RawBuilder<unknown> {
  const column = order.entity === 'attribute' ? (fields.texts[order.key] ?? fields.numbers[order.key]) : undefined;
  if (column === undefined) throw invalidParameter(`Invalid order_by key '${order.key}' specified.`);
  return sql`${column} ${order.isDescending ? sql`desc` : sql`asc`} nulls last`;
}

const milliseconds = (column: RawBuilder<unknown>): RawBuilder<number> => sql<number>`(extract(epoch from ${column}) * 1000)`;

const experimentFields: Fields = {
  texts: { name: sql`e.name`, experiment_id: sql`e.id` },
  numbers: { creation_time: milliseconds(sql`e.created_at`), last_update_time: milliseconds(sql`e.updated_at`) },
  tag: key => sql`(select t.value from models.experiment_tag t where t.tenant = e.tenant and t.experiment_id = e.id and t.key = ${key})`
};

/** Experiments that match, newest first unless ordered; up to `limit + 1` rows. */
export async function searchExperiments(tx: Tx, search: Search & { readonly view: 'active' | 'deleted' | 'all' }): Promise<readonly ExperimentRow[]> {
  const conditions = [
    sql<boolean>`e.tenant = ${search.tenant}`,
    ...(search.view === 'all' ? [] : [search.view === 'deleted' ? sql<boolean>`e.is_deleted` : sql<boolean>`not e.is_deleted`]),
    ...search.conditions.map(condition => conditionSql(experimentFields, condition))
  ];
  const orders = [...search.orders.map(order => orderSql(experimentFields, order)), sql`e.updated_at desc`, sql`e.id desc`];
  const { rows } = await sql<ExperimentRow>`
    select e.* from models.experiment e where ${all(conditions)} order by ${sql.join(orders)} limit ${search.limit + 1} offset ${search.offset}`.execute(tx);
  return rows;
}

const modelFields: Fields = {
  texts: { name: sql`m.name` },
  numbers: { timestamp: milliseconds(sql`m.updated_at`), last_updated_timestamp: milliseconds(sql`m.updated_at`), creation_timestamp: milliseconds(sql`m.created_at`) },
  tag: key => sql`m.tags ->> ${key}`
};

/** Registered models that match, by name unless ordered; up to `limit + 1` rows. */
export async function searchModels(tx: Tx, search: Search): Promise<readonly ModelRow[]> {
  const conditions = [sql<boolean>`m.tenant = ${search.tenant}`, ...search.conditions.map(condition => conditionSql(modelFields, condition))];
  const orders = [...search.orders.map(order => orderSql(modelFields, order)), sql`m.name`];
  const { rows } = await sql<ModelRow>`
    select m.* from models.model m where ${all(conditions)} order by ${sql.join(orders)} limit ${search.limit + 1} offset ${search.offset}`.execute(tx);
  return rows;
}

const versionFields: Fields = {
  texts: { name: sql`v.model`, run_id: sql`v.run_id`, source_path: sql`v.source`, source: sql`v.source` },
  numbers: { version_number: sql`v.version`, creation_timestamp: milliseconds(sql`v.created_at`), last_updated_timestamp: milliseconds(sql`v.updated_at`) },
  tag: key => sql`v.tags ->> ${key}`
};

/** Model versions that match, last changed first unless ordered; up to `limit + 1` rows. */
export async function searchVersions(tx: Tx, search: Search): Promise<readonly VersionRow[]> {
  const conditions = [sql<boolean>`v.tenant = ${search.tenant}`, ...search.conditions.map(condition => conditionSql(versionFields, condition))];
  const orders = [...search.orders.map(order => orderSql(versionFields, order)), sql`v.updated_at desc`, sql`v.model`, sql`v.version desc`];
  const { rows } = await sql<VersionRow>`
    select v.* from models.model_version v where ${all(conditions)} order by ${sql.join(orders)} limit ${search.limit + 1} offset ${search.offset}`.execute(tx);
  return rows;
}
