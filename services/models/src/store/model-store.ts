import { formatUrn } from '@stratalab/contracts';
import type { Model, ModelFormat } from '@stratalab/contracts/models';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type ModelsTables } from './tables.ts';

export type ModelRow = Selectable<ModelsTables['models.model']>;

export const modelUrn = (tenant: string, name: string, version?: number): string =>
  formatUrn({ tenant, kind: 'model', name, ...(version === undefined ? {} : { version: String(version) }) });

export async function findModel(tx: Tx, tenant: string, name: string): Promise<ModelRow | undefined> {
  return tables(tx).selectFrom('models.model').selectAll().where('tenant', '=', tenant).where('name', '=', name).executeTakeFirst();
}

/** Adds the model; `undefined` when the name is taken. */
export async function insertModel(
  tx: Tx,
  model: { tenant: string; name: string; createdBy: string; description?: string | undefined; tags?: Readonly<Record<string, string>> }
): Promise<ModelRow | undefined> {
  return tables(tx)
    .insertInto('models.model')
    .values({ tenant: model.tenant, name: model.name, created_by: model.createdBy, description: model.description ?? '', tags: JSON.stringify(model.tags ?? {}) })
    .onConflict(conflict => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export interface ModelChanges {
  readonly description?: string | undefined;
  readonly newName?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly removedTag?: string;
}

/** Changes what is given; `undefined` when there is no such model. */
export async function updateModelRow(tx: Tx, tenant: string, name: string, change: ModelChanges): Promise<ModelRow | undefined> {
  const { rows } = await sql<ModelRow>`
    update models.model set updated_at = now(),
      description = coalesce(${change.description ?? null}, description),
      name = coalesce(${change.newName ?? null}, name),
      tags = (tags || ${JSON.stringify(change.tags ?? {})}::jsonb) - ${change.removedTag ?? ''}
    where tenant = ${tenant} and name = ${name} returning *`.execute(tx);
  return rows[0];
}

export async function deleteModelRow(tx: Tx, tenant: string, name: string): Promise<boolean> {
  const result = await tables(tx).deleteFrom('models.model').where('tenant', '=', tenant).where('name', '=', name).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/**
 * Takes the next version number: the row lock of the model makes writers queue up, and a rolled back transaction gives its number back,
 * so numbers have no gaps (P4). `undefined` when there is no such model.
 */
export async function takeVersionNumber(tx: Tx, tenant: string, name: string): Promise<number | undefined> {
  const row = await tables(tx)
    .updateTable('models.model')
    .set({ last_version: sql<number>`last_version + 1`, updated_at: sql<string>`now()` })
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .returning('last_version')
    .executeTakeFirst();
  return row?.last_version;
}

export interface AliasRow {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
}

export async function readAliases(tx: Tx, tenant: string, models: readonly string[]): Promise<readonly AliasRow[]> {
  if (models.length === 0) return [];
  return tables(tx).selectFrom('models.alias').select(['model', 'alias', 'version']).where('tenant', '=', tenant).where('model', 'in', models).orderBy('alias').execute();
}

export async function putAlias(tx: Tx, tenant: string, alias: AliasRow): Promise<void> {
  await tables(tx)
    .insertInto('models.alias')
    .values({ tenant, ...alias })
    .onConflict(conflict => conflict.columns(['tenant', 'model', 'alias']).doUpdateSet({ version: alias.version }))
    .execute();
}

export async function dropAlias(tx: Tx, tenant: string, model: string, alias: string): Promise<boolean> {
  const result = await tables(tx).deleteFrom('models.alias').where('tenant', '=', tenant).where('model', '=', model).where('alias', '=', alias).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

type ListedRow = ModelRow & { version_count: number; latest_version: number | null; latest_format: ModelFormat | null };

/** Models last changed first; `search` looks into names. */
export async function listModelPage(
  tx: Tx,
  tenant: string,
  request: { cursor?: string | undefined; limit: number; search?: string | undefined; name?: string }
): Promise<{ items: Model[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 2);
  const { rows } = await sql<ListedRow>`
    select m.*, latest.version as latest_version, latest.format as latest_format,
      (select count(*) from models.model_version v where v.tenant = m.tenant and v.model = m.name) as version_count
    from models.model m
    left join lateral (
      select version, format from models.model_version v where v.tenant = m.tenant and v.model = m.name order by version desc limit 1) latest on true
    where m.tenant = ${tenant}
      ${request.name === undefined ? sql`` : sql`and m.name = ${request.name}`}
      ${request.search === undefined ? sql`` : sql`and m.name ilike ${`%${request.search.replace(/[%_\\]/g, '\\$&')}%`}`}
      ${after === undefined ? sql`` : sql`and (m.updated_at < ${String(after[0])}::timestamptz or (m.updated_at = ${String(after[0])}::timestamptz and m.name > ${String(after[1])}))`}
    order by m.updated_at desc, m.name limit ${request.limit + 1}`.execute(tx);
  const aliases = await readAliases(
    tx,
    tenant,
    rows.map(({ name }) => name)
  );
  return pageOf(rows, request.limit, { item: row => modelOf(row, aliases), key: row => [row.updated_at, row.name] });
}

function modelOf(row: ListedRow, aliases: readonly AliasRow[]): Model {
  return {
    name: row.name,
    urn: modelUrn(row.tenant, row.name),
    description: row.description,
    tags: Object.entries(row.tags).map(([key, value]) => ({ key, value })),
    aliases: aliases.filter(alias => alias.model === row.name).map(({ alias, version }) => ({ alias, version })),
    latestVersion: row.latest_version,
    versionCount: Number(row.version_count),
    format: row.latest_format,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at
  };
}
