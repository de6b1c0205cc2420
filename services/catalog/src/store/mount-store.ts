import type { Mount } from '@stratalab/contracts/catalog';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { datasetUrn } from '../domain/dataset.ts';
import { tables, type MountRow } from './tables.ts';

export function mountOf(row: MountRow): Mount {
  return {
    dataset: row.dataset,
    version: String(row.version),
    urn: datasetUrn(row.tenant, row.dataset, row.version),
    mountName: row.mount_name,
    path: `~/datasets/${row.mount_name}`,
    createdAt: row.created_at
  };
}

/** Keeps the mount; a second one of the same name is the same mount. */
export async function insertMount(tx: Tx, mount: Omit<MountRow, 'created_at'>): Promise<MountRow> {
  return tables(tx)
    .insertInto('catalog.mount')
    .values(mount)
    .onConflict(conflict => conflict.columns(['tenant', 'subject', 'mount_name']).doUpdateSet({ version: mount.version }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findMount(tx: Tx, request: { readonly tenant: string; readonly subject: string; readonly mountName: string }): Promise<MountRow | undefined> {
  return tables(tx)
    .selectFrom('catalog.mount')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .where('subject', '=', request.subject)
    .where('mount_name', '=', request.mountName)
    .executeTakeFirst();
}

/** The newest mount of any version of a dataset in one workspace. */
export async function findMountOfDataset(tx: Tx, request: { readonly tenant: string; readonly subject: string; readonly dataset: string }): Promise<MountRow | undefined> {
  return tables(tx)
    .selectFrom('catalog.mount')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .where('subject', '=', request.subject)
    .where('dataset', '=', request.dataset)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function deleteMount(tx: Tx, request: { readonly tenant: string; readonly subject: string; readonly mountName: string }): Promise<void> {
  await tables(tx).deleteFrom('catalog.mount').where('tenant', '=', request.tenant).where('subject', '=', request.subject).where('mount_name', '=', request.mountName).execute();
}

export async function mountsOfDataset(tx: Tx, tenant: string, dataset: string): Promise<readonly MountRow[]> {
  return tables(tx).selectFrom('catalog.mount').selectAll().where('tenant', '=', tenant).where('dataset', '=', dataset).execute();
}

export async function listMountPage(
  tx: Tx,
  request: { readonly tenant: string; readonly subject: string; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: Mount[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('catalog.mount')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .where('subject', '=', request.subject)
    .orderBy('mount_name')
    .limit(request.limit + 1);
  if (after !== undefined) query = query.where('mount_name', '>', String(after));
  return pageOf(await query.execute(), request.limit, { item: mountOf, key: row => [row.mount_name] });
}
