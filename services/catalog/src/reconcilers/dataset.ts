import { wake, type Reconciler, type Tx } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { contentKey } from '../domain/dataset.ts';
import { lockDataset } from '../store/dataset-store.ts';
import { mountsOfDataset } from '../store/mount-store.ts';
import { tables, type VersionRow } from '../store/tables.ts';
import { datasetKind } from '../usecases/datasets.ts';
import { releaseStorage } from '../usecases/storage-quota.ts';
import { uploadKind } from '../usecases/uploads.ts';

/** Removes what belongs to a deleted dataset: mounts, files, room, uploads, rows. Its name and version counter stay, so that no number comes twice. */
export function createDatasetReconciler(context: CatalogContext): Reconciler {
  const { store, workspaces } = context.ports;
  const drop = async (version: VersionRow, mounts: Awaited<ReturnType<typeof mountsOfDataset>>): Promise<void> => {
    const place = { tenant: version.tenant, key: contentKey(version.content_id) };
    for (const mount of mounts.filter(candidate => candidate.version === version.version)) {
      await workspaces.unlink({ user: mount.subject, mountName: mount.mount_name, target: store.localPath(place) });
    }
    await store.remove(place);
    await store.dropStaged({ tenant: version.tenant, stagingId: version.content_id });
    await releaseStorage(context, { tenant: version.tenant, dataset: version.dataset, contentId: version.content_id });
  };
  return {
    kind: datasetKind,
    async list(tx) {
      const rows = await tables(tx).selectFrom('catalog.dataset').select(['tenant', 'name']).where('state', '=', 'deleting').execute();
      return rows.map(row => ({ id: `${row.tenant}/${row.name}`, tenant: row.tenant }));
    },
    async reconcile(step) {
      const name = step.id.slice(step.tenant.length + 1);
      const found = await step.read(async tx => ({
        row: await tables(tx).selectFrom('catalog.dataset').select('state').where('tenant', '=', step.tenant).where('name', '=', name).executeTakeFirst(),
        versions: await tables(tx).selectFrom('catalog.version').selectAll().where('tenant', '=', step.tenant).where('dataset', '=', name).execute(),
        mounts: await mountsOfDataset(tx, step.tenant, name)
      }));
      if (found.row?.state !== 'deleting') return { isDone: true };
      for (const version of found.versions) await drop(version, found.mounts);
      await step.write(tx => removeRows(tx, step.tenant, name));
      return { isDone: true };
    }
  };
}

async function removeRows(tx: Tx, tenant: string, name: string): Promise<void> {
  const row = await lockDataset(tx, tenant, name);
  if (row?.state !== 'deleting') return;
  const uploads = await tables(tx)
    .updateTable('catalog.upload')
    .set({ state: 'cancelled' })
    .where('tenant', '=', tenant)
    .where('dataset', '=', name)
    .where('state', '=', 'open')
    .returning('id')
    .execute();
  for (const upload of uploads) await wake(tx, { kind: uploadKind, objectId: upload.id, tenant });
  for (const table of ['catalog.mount', 'catalog.contract', 'catalog.contract_run', 'catalog.version'] as const) {
    await tables(tx).deleteFrom(table).where('tenant', '=', tenant).where('dataset', '=', name).execute();
  }
  await tables(tx)
    .updateTable('catalog.dataset')
    .set({
      state: 'deleted',
      description: '',
      tags: [],
      latest_version: null,
      latest_state: null,
      latest_format: null,
      row_count: null,
      size_bytes: null,
      column_names: [],
      contract_state: 'none'
    })
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .execute();
}
