import { appendEvent, wake, type Tx } from '@stratalab/kernel';
import { dropArtifacts, noteRemovals } from '../store/artifact-store.ts';
import { deleteModelRow, findModel, modelUrn } from '../store/model-store.ts';
import { tables } from '../store/tables.ts';
import { deleteVersionRow, readVersions, type VersionRow } from '../store/version-store.ts';
import { removalKind } from './artifacts.ts';

/**
 * Deletes a version; its bytes go once nothing else needs them: a logged model keeps its own, a copied version shares them.
 * @returns `false` when there is no such version
 */
export async function removeVersion(tx: Tx, tenant: string, of: { model: string; version: number }, subject: string): Promise<boolean> {
  const row = await deleteVersionRow(tx, tenant, of.model, of.version);
  if (row === undefined) return false;
  await releaseFiles(tx, row);
  await appendEvent(tx, { name: 'model.changed.v1', tenant, subject, urn: modelUrn(tenant, of.model), data: { model: of.model, removedVersion: of.version } });
  return true;
}

/** Deletes a model with all its versions; `false` when there is none. */
export async function removeModel(tx: Tx, tenant: string, name: string, subject: string): Promise<boolean> {
  if ((await findModel(tx, tenant, name)) === undefined) return false;
  for (const { version } of await readVersions(tx, tenant, name)) await removeVersion(tx, tenant, { model: name, version }, subject);
  await deleteModelRow(tx, tenant, name);
  await appendEvent(tx, { name: 'model.changed.v1', tenant, subject, urn: modelUrn(tenant, name), data: { model: name, isGone: true } });
  return true;
}

async function releaseFiles(tx: Tx, row: VersionRow): Promise<void> {
  if (!row.owner.startsWith('versions/')) return;
  const other = await tables(tx).selectFrom('models.model_version').select('id').where('tenant', '=', row.tenant).where('owner', '=', row.owner).limit(1).executeTakeFirst();
  if (other !== undefined) return;
  await dropArtifacts(tx, row.tenant, row.owner, '');
  await noteRemovals(tx, row.tenant, [`models/${row.owner}`]);
  await wake(tx, { kind: removalKind, objectId: row.tenant, tenant: row.tenant });
}
