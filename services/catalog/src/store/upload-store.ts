import type { Tx } from '@stratalab/kernel';
import { tables, type UploadRow } from './tables.ts';

export async function findUpload(tx: Tx, tenant: string, id: string): Promise<UploadRow | undefined> {
  return tables(tx).selectFrom('catalog.upload').selectAll().where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst();
}

export async function lockUpload(tx: Tx, tenant: string, id: string): Promise<UploadRow | undefined> {
  return tables(tx).selectFrom('catalog.upload').selectAll().where('tenant', '=', tenant).where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function setUploadState(
  tx: Tx,
  request: { readonly tenant: string; readonly id: string; readonly state: 'completed' | 'cancelled'; readonly version?: number }
): Promise<void> {
  await tables(tx)
    .updateTable('catalog.upload')
    .set({ state: request.state, ...(request.version === undefined ? {} : { version: request.version }) })
    .where('tenant', '=', request.tenant)
    .where('id', '=', request.id)
    .execute();
}
