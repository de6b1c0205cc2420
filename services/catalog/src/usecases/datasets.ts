import { Problem, type BodyOf } from '@stratalab/contracts';
import type { catalogRoutes, Dataset } from '@stratalab/contracts/catalog';
import { wake, type Call, type Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { datasetUrn, distinctTags } from '../domain/dataset.ts';
import { findDataset, lockDataset } from '../store/dataset-store.ts';
import { findMountOfDataset, mountOf, mountsOfDataset } from '../store/mount-store.ts';
import { writeSearch } from '../store/search-store.ts';
import { tables } from '../store/tables.ts';
import { countVersions, findDrift, findVersion, versionOf } from '../store/version-store.ts';
import { personOf } from './find-version.ts';
import { findBlastRadius } from './lineage.ts';
import { noteChange } from './publish-version.ts';

/** Kind of the reconciler that removes deleted datasets; its object ids are `<tenant>/<name>`. */
export const datasetKind = 'dataset';

/** One dataset with its latest version and the mount of the caller. @throws not-found */
export async function getDataset(call: Call, name: string): Promise<Dataset> {
  return call.read(tx => readDataset(tx, call, name));
}

async function readDataset(tx: Tx, call: Call, name: string): Promise<Dataset> {
  const { tenant } = call;
  const row = await findDataset(tx, tenant, name);
  if (row === undefined) throw new Problem('not-found', { detail: `There is no dataset ‘${name}’ here.` });
  const latest = await findVersion(tx, { tenant, dataset: name, version: 'latest' });
  const mount = await findMountOfDataset(tx, { tenant, subject: personOf(call), dataset: name });
  return {
    name,
    urn: datasetUrn(tenant, name),
    description: row.description,
    tags: row.tags,
    owner: row.owner,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    isSample: row.is_sample,
    versionCount: await countVersions(tx, tenant, name),
    contractState: row.contract_state,
    latest: latest === undefined ? null : versionOf(latest, await findDrift(tx, latest)),
    mount: mount === undefined ? null : mountOf(mount)
  };
}

/** Changes what people say about a dataset. @throws not-found */
export async function updateDataset(call: Call, name: string, body: BodyOf<typeof catalogRoutes.updateDataset>): Promise<Dataset> {
  return call.commit(
    async tx => {
      const row = await lockDataset(tx, call.tenant, name);
      if (row?.state !== 'active') throw new Problem('not-found', { detail: `There is no dataset ‘${name}’ here.` });
      await tables(tx)
        .updateTable('catalog.dataset')
        .set({
          updated_at: sql<string>`now()`,
          ...(body.description === undefined ? {} : { description: body.description }),
          ...(body.tags === undefined ? {} : { tags: distinctTags(body.tags) }),
          ...(body.owner === undefined ? {} : { owner: body.owner })
        })
        .where('tenant', '=', call.tenant)
        .where('name', '=', name)
        .execute();
      await writeSearch(tx, call.tenant, name);
      await noteChange(tx, { tenant: call.tenant, dataset: name, subject: personOf(call) });
      return readDataset(tx, call, name);
    },
    dataset => dataset.urn
  );
}

/**
 * Begins the deletion of a dataset: it cannot be seen from then on; its files, mounts and room go by the reconciler.
 * @throws in-use while something was made from it or others mount it, unless `confirm` is its name
 */
export async function deleteDataset(call: Call, name: string, confirm: string | undefined): Promise<void> {
  const { tenant } = call;
  if (confirm !== undefined && confirm !== name) throw new Problem('invalid-request', { detail: 'Repeat the name of the dataset to confirm.', hint: `confirm=${name}` });
  await call.commit(
    async tx => {
      const row = await lockDataset(tx, tenant, name);
      if (row?.state !== 'active') throw new Problem('not-found', { detail: `There is no dataset ‘${name}’ here.` });
      if (confirm === undefined) await assertUnused(tx, call, name);
      await tables(tx)
        .updateTable('catalog.dataset')
        .set({ state: 'deleting', updated_at: sql<string>`now()` })
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .execute();
      await writeSearch(tx, tenant, name);
      await noteChange(tx, { tenant, dataset: name, subject: personOf(call) });
      await wake(tx, { kind: datasetKind, objectId: `${tenant}/${name}`, tenant });
    },
    () => datasetUrn(tenant, name)
  );
}

async function assertUnused(tx: Tx, call: Call, name: string): Promise<void> {
  const { total, byKind } = await findBlastRadius(tx, call.tenant, datasetUrn(call.tenant, name));
  const others = (await mountsOfDataset(tx, call.tenant, name)).filter(mount => mount.subject !== personOf(call));
  const people = new Set(others.map(mount => mount.subject)).size;
  const parts = [
    ...(total === 0 ? [] : [`${total === 1 ? '1 object was' : `${total} objects were`} made from it (${byKind.map(({ kind, count }) => `${kind}: ${count}`).join(', ')})`]),
    ...(people === 0 ? [] : [`${people === 1 ? '1 other person mounts' : `${people} other people mount`} it`])
  ];
  if (parts.length === 0) return;
  throw new Problem('in-use', { detail: `The dataset ‘${name}’ is in use: ${parts.join('; ')}.`, hint: `Delete it all the same by repeating its name (confirm=${name}).` });
}
