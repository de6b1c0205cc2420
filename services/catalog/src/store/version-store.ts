import type { DatasetVersion, SchemaDrift, VersionReference, VersionSummary } from '@stratalab/contracts/catalog';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { driftBetween } from '../domain/columns.ts';
import { datasetUrn } from '../domain/dataset.ts';
import { tables, type NewVersionRow, type VersionRow } from './tables.ts';

export function versionSummaryOf(row: VersionRow): VersionSummary {
  return {
    dataset: row.dataset,
    version: String(row.version),
    urn: datasetUrn(row.tenant, row.dataset, row.version),
    state: row.state,
    stateMessage: row.state_message,
    format: row.format,
    sizeBytes: row.size_bytes,
    rowCount: row.row_count,
    columnCount: row.state === 'ready' ? row.columns.length : null,
    fileCount: row.files.length,
    createdAt: row.created_at,
    createdBy: row.created_by,
    origin: { kind: row.origin_kind, producerUrn: row.producer_urn, path: row.origin_path }
  };
}

export function versionOf(row: VersionRow, drift: SchemaDrift | null): DatasetVersion {
  return { ...versionSummaryOf(row), columns: [...row.columns], files: [...row.files], drift };
}

export function referenceOf(row: Pick<VersionRow, 'tenant' | 'dataset' | 'version'>): VersionReference {
  return { name: row.dataset, version: String(row.version), urn: datasetUrn(row.tenant, row.dataset, row.version) };
}

/** How the columns of a version differ from the ready version before it; `null` without one. */
export async function findDrift(tx: Tx, row: VersionRow): Promise<SchemaDrift | null> {
  if (row.state !== 'ready') return null;
  const previous = await tables(tx)
    .selectFrom('catalog.version')
    .select(['version', 'columns'])
    .where('tenant', '=', row.tenant)
    .where('dataset', '=', row.dataset)
    .where('version', '<', row.version)
    .where('state', '=', 'ready')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return previous === undefined ? null : driftBetween(previous, row.columns);
}

/** A version of a living dataset by number; `latest` is the newest that did not fail, or the newest of all. */
export async function findVersion(tx: Tx, request: { readonly tenant: string; readonly dataset: string; readonly version: string }): Promise<VersionRow | undefined> {
  const query = tables(tx)
    .selectFrom('catalog.version')
    .innerJoin('catalog.dataset', join => join.onRef('catalog.dataset.tenant', '=', 'catalog.version.tenant').onRef('catalog.dataset.name', '=', 'catalog.version.dataset'))
    .selectAll('catalog.version')
    .where('catalog.dataset.state', '=', 'active')
    .where('catalog.version.tenant', '=', request.tenant)
    .where('catalog.version.dataset', '=', request.dataset);
  if (request.version !== 'latest') return query.where('version', '=', Number(request.version)).executeTakeFirst();
  return query
    .orderBy(sql`case when catalog.version.state = 'failed' then 1 else 0 end`)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function findByContent(tx: Tx, contentId: string): Promise<VersionRow | undefined> {
  return tables(tx).selectFrom('catalog.version').selectAll().where('content_id', '=', contentId).executeTakeFirst();
}

export async function listVersionPage(
  tx: Tx,
  request: { readonly tenant: string; readonly dataset: string; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: VersionSummary[]; nextCursor: string | null }> {
  const before = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('catalog.version')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .where('dataset', '=', request.dataset)
    .orderBy('version', 'desc')
    .limit(request.limit + 1);
  if (before !== undefined) query = query.where('version', '<', Number(before));
  return pageOf(await query.execute(), request.limit, { item: versionSummaryOf, key: row => [row.version] });
}

export async function countVersions(tx: Tx, tenant: string, dataset: string): Promise<number> {
  const row = await tables(tx)
    .selectFrom('catalog.version')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('dataset', '=', dataset)
    .executeTakeFirst();
  return row?.count ?? 0;
}

/** Adds the next version of a dataset whose row is locked by the caller. */
export async function insertVersion(tx: Tx, row: Omit<NewVersionRow, 'version'>): Promise<VersionRow> {
  const { last_version: version } = await tables(tx)
    .updateTable('catalog.dataset')
    .set({ last_version: sql<number>`last_version + 1` })
    .where('tenant', '=', row.tenant)
    .where('name', '=', row.dataset)
    .returning('last_version')
    .executeTakeFirstOrThrow();
  return tables(tx)
    .insertInto('catalog.version')
    .values({ ...row, version })
    .returningAll()
    .executeTakeFirstOrThrow();
}
