import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { tables } from './tables.ts';

export interface ArtifactRow {
  readonly path: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly object_id: string | null;
}

/** Notes a file whose bytes are there. @returns the object it replaces, whose bytes are to be removed */
export async function putArtifact(tx: Tx, tenant: string, owner: string, file: ArtifactRow): Promise<string | null> {
  const before = await tables(tx)
    .selectFrom('models.artifact')
    .select('object_id')
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .where('path', '=', file.path)
    .forUpdate()
    .executeTakeFirst();
  const facts = { object_id: file.object_id, size_bytes: file.size_bytes, sha256: file.sha256 };
  await tables(tx)
    .insertInto('models.artifact')
    .values({ tenant, owner, path: file.path, ...facts })
    .onConflict(conflict => conflict.columns(['tenant', 'owner', 'path']).doUpdateSet(facts))
    .execute();
  return before?.object_id ?? null;
}

export async function findArtifact(tx: Tx, tenant: string, owner: string, path: string): Promise<ArtifactRow | undefined> {
  return tables(tx)
    .selectFrom('models.artifact')
    .select(['path', 'size_bytes', 'sha256', 'object_id'])
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .where('path', '=', path)
    .executeTakeFirst();
}

/** Every file at or below `folder` (all when it is empty), by path. */
export async function readArtifacts(tx: Tx, tenant: string, owner: string, folder: string): Promise<readonly ArtifactRow[]> {
  let query = tables(tx)
    .selectFrom('models.artifact')
    .select(['path', 'size_bytes', 'sha256', 'object_id'])
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .orderBy('path');
  if (folder !== '') query = query.where(sql<boolean>`(path = ${folder} or (path > ${`${folder}/`} and path < ${`${folder}0`}))`);
  return query.execute();
}

/** Takes every file at or below `folder` away. @returns what was there */
export async function dropArtifacts(tx: Tx, tenant: string, owner: string, folder: string): Promise<readonly ArtifactRow[]> {
  const rows = await readArtifacts(tx, tenant, owner, folder);
  if (rows.length === 0) return rows;
  await tables(tx)
    .deleteFrom('models.artifact')
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .where(
      'path',
      'in',
      rows.map(({ path }) => path)
    )
    .execute();
  return rows;
}

export interface FolderEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number | null;
}

/** The direct children of a folder: files with their size, folders once. A path that is a file lists itself. */
export function childrenOf(rows: readonly ArtifactRow[], folder: string): readonly FolderEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, FolderEntry>();
  for (const row of rows) {
    if (row.path === folder) return [{ path: row.path, isFolder: false, sizeBytes: row.size_bytes }];
    const rest = row.path.slice(prefix.length);
    const slash = rest.indexOf('/');
    const path = `${prefix}${slash < 0 ? rest : rest.slice(0, slash)}`;
    entries.set(path, slash < 0 ? { path, isFolder: false, sizeBytes: row.size_bytes } : { path, isFolder: true, sizeBytes: null });
  }
  return [...entries.values()];
}

/** Notes objects whose bytes are to be removed once this change committed. */
export async function noteRemovals(tx: Tx, tenant: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tables(tx)
    .insertInto('models.removal')
    .values(keys.map(key => ({ tenant, key })))
    .onConflict(conflict => conflict.doNothing())
    .execute();
}
