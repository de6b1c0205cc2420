import type { ModelVersion } from '@stratalab/contracts/models';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Insertable, type Selectable } from 'kysely';
import { modelUrn, readAliases } from './model-store.ts';
import { tables, type ModelsTables } from './tables.ts';

export type VersionRow = Selectable<ModelsTables['models.model_version']>;
export type NewVersionRow = Insertable<ModelsTables['models.model_version']>;

export async function insertVersion(tx: Tx, row: NewVersionRow): Promise<VersionRow> {
  return tables(tx).insertInto('models.model_version').values(row).returningAll().executeTakeFirstOrThrow();
}

export async function findVersion(tx: Tx, tenant: string, model: string, version: number): Promise<VersionRow | undefined> {
  return tables(tx).selectFrom('models.model_version').selectAll().where('tenant', '=', tenant).where('model', '=', model).where('version', '=', version).executeTakeFirst();
}

/** The version an alias points at. */
export async function findVersionByAlias(tx: Tx, tenant: string, model: string, alias: string): Promise<VersionRow | undefined> {
  const row = await tables(tx).selectFrom('models.alias').select('version').where('tenant', '=', tenant).where('model', '=', model).where('alias', '=', alias).executeTakeFirst();
  return row === undefined ? undefined : findVersion(tx, tenant, model, row.version);
}

export async function findNewestVersion(tx: Tx, tenant: string, model: string): Promise<VersionRow | undefined> {
  return tables(tx).selectFrom('models.model_version').selectAll().where('tenant', '=', tenant).where('model', '=', model).orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** What a producer's output became, when it was published before. */
export async function findVersionOfOutput(tx: Tx, tenant: string, producerUrn: string, output: string): Promise<VersionRow | undefined> {
  return tables(tx)
    .selectFrom('models.model_version')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('producer_urn', '=', producerUrn)
    .where('output', '=', output)
    .executeTakeFirst();
}

export async function findVersionsOfRun(tx: Tx, tenant: string, runId: string): Promise<readonly VersionRow[]> {
  return tables(tx).selectFrom('models.model_version').selectAll().where('tenant', '=', tenant).where('run_id', '=', runId).orderBy('created_at').execute();
}

export async function findVersionsOfLoggedModels(tx: Tx, tenant: string, ids: readonly string[]): Promise<readonly VersionRow[]> {
  if (ids.length === 0) return [];
  return tables(tx).selectFrom('models.model_version').selectAll().where('tenant', '=', tenant).where('logged_model_id', 'in', ids).execute();
}

/** All versions of some models, newest first. */
export async function readVersions(tx: Tx, tenant: string, model: string): Promise<readonly VersionRow[]> {
  return tables(tx).selectFrom('models.model_version').selectAll().where('tenant', '=', tenant).where('model', '=', model).orderBy('version', 'desc').execute();
}

export interface VersionChanges {
  readonly description?: string | undefined;
  readonly stage?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly removedTag?: string;
  readonly approval?: { readonly by: string; readonly at: string; readonly reason: string };
}

export async function updateVersionRow(tx: Tx, tenant: string, of: { model: string; version: number }, change: VersionChanges): Promise<VersionRow | undefined> {
  const { rows } = await sql<VersionRow>`
    update models.model_version set updated_at = now(),
      description = coalesce(${change.description ?? null}, description),
      stage = coalesce(${change.stage ?? null}, stage),
      tags = (tags || ${JSON.stringify(change.tags ?? {})}::jsonb) - ${change.removedTag ?? ''},
      approval = coalesce(${change.approval === undefined ? null : JSON.stringify(change.approval)}::jsonb, approval)
    where tenant = ${tenant} and model = ${of.model} and version = ${of.version} returning *`.execute(tx);
  return rows[0];
}

export async function deleteVersionRow(tx: Tx, tenant: string, model: string, version: number): Promise<VersionRow | undefined> {
  return tables(tx).deleteFrom('models.model_version').where('tenant', '=', tenant).where('model', '=', model).where('version', '=', version).returningAll().executeTakeFirst();
}

/** Versions of a model, newest first. */
export async function listVersionPage(
  tx: Tx,
  tenant: string,
  request: { model: string; cursor?: string | undefined; limit: number }
): Promise<{ items: ModelVersion[]; nextCursor: string | null }> {
  const before = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('models.model_version')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('model', '=', request.model)
    .orderBy('version', 'desc')
    .limit(request.limit + 1);
  if (before !== undefined) query = query.where('version', '<', Number(before));
  const page = pageOf(await query.execute(), request.limit, { item: row => row, key: row => [row.version] });
  return { items: await versionsOf(tx, tenant, page.items), nextCursor: page.nextCursor };
}

/** Rows as the contract shows them, with their aliases and the names of their runs. */
export async function versionsOf(tx: Tx, tenant: string, rows: readonly VersionRow[]): Promise<ModelVersion[]> {
  const aliases = await readAliases(tx, tenant, [...new Set(rows.map(({ model }) => model))]);
  const runIds = rows.flatMap(({ run_id }) => (run_id === null ? [] : [run_id]));
  const runs = runIds.length === 0 ? [] : await tables(tx).selectFrom('models.run').select(['id', 'name']).where('tenant', '=', tenant).where('id', 'in', runIds).execute();
  const runNames = new Map(runs.map(({ id, name }) => [id, name]));
  return rows.map(row => ({
    model: row.model,
    version: row.version,
    urn: modelUrn(tenant, row.model, row.version),
    description: row.description,
    aliases: aliases.filter(alias => alias.model === row.model && alias.version === row.version).map(({ alias }) => alias),
    tags: namedOf(row.tags),
    format: row.format,
    isQuarantined: isQuarantined(row),
    quarantineReason: row.quarantine_reason,
    approval: row.approval,
    warnings: [...row.warnings],
    entryFile: row.entry_file,
    sizeBytes: row.size_bytes,
    fileCount: row.file_count,
    sha256: row.sha256,
    facts: namedOf(row.facts),
    signature: row.signature,
    runId: row.run_id,
    runName: row.run_id === null ? null : (runNames.get(row.run_id) ?? null),
    origin: row.origin,
    createdBy: row.created_by,
    createdAt: row.created_at
  }));
}

/** Holds code that runs on loading, and nobody vouched for it. */
export function isQuarantined(row: VersionRow): boolean {
  return row.quarantine_reason !== null && row.approval === null;
}

function namedOf(words: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(words).map(([key, value]) => ({ key, value }));
}
