import { Problem, type BodyOf } from '@stratalab/contracts';
import type { catalogRoutes, Mount, ResolvedMount } from '@stratalab/contracts/catalog';
import type { Call, ObjectPlace } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { contentKey, datasetUrn, mountNameOf } from '../domain/dataset.ts';
import { isDataFile } from '../domain/sniff.ts';
import { deleteMount, findMount, insertMount, mountOf } from '../store/mount-store.ts';
import type { VersionRow } from '../store/tables.ts';
import { findVersion } from '../store/version-store.ts';
import { personOf, requireVersion } from './find-version.ts';
import { noteChange } from './publish-version.ts';

/** Makes a version readable in the workspace of the caller, without a copy; idempotent. @throws not-found, invalid-state, already-exists */
export async function mountDataset(context: CatalogContext, call: Call, body: BodyOf<typeof catalogRoutes.mountDataset>): Promise<Mount> {
  const version = await requireVersion(call, body.dataset, body.version ?? 'latest');
  assertReadable(version);
  const subject = personOf(call);
  const mountName = mountNameOf(version.dataset, version.version);
  await context.ports.workspaces.link({ user: subject, mountName, target: await context.ports.store.materialize(placeOf(version)) });
  return call.commit(
    async tx => {
      const row = await insertMount(tx, { tenant: call.tenant, subject, mount_name: mountName, dataset: version.dataset, version: version.version });
      await noteChange(tx, { tenant: call.tenant, dataset: version.dataset, subject });
      return mountOf(row);
    },
    mount => mount.urn
  );
}

/** Takes a mount away from the workspace of the caller; idempotent. */
export async function unmountDataset(context: CatalogContext, call: Call, mountName: string): Promise<void> {
  const { tenant } = call;
  const subject = personOf(call);
  const found = await call.read(async tx => {
    const mount = await findMount(tx, { tenant, subject, mountName });
    return mount === undefined ? undefined : { mount, version: await findVersion(tx, { tenant, dataset: mount.dataset, version: String(mount.version) }) };
  });
  if (found?.version !== undefined) await context.ports.workspaces.unlink({ user: subject, mountName, target: context.ports.store.localPath(placeOf(found.version)) });
  await call.commit(async tx => {
    await deleteMount(tx, { tenant, subject, mountName });
    if (found !== undefined) await noteChange(tx, { tenant, dataset: found.mount.dataset, subject });
  });
}

/** Where the files of versions lie, for other services. @throws not-found; invalid-state for versions without bytes */
export async function resolveMounts(context: CatalogContext, call: Call, body: BodyOf<typeof catalogRoutes.resolveMounts>): Promise<{ items: ResolvedMount[] }> {
  const items: ResolvedMount[] = [];
  for (const { name, version: asked } of body.datasets) {
    const version = await requireVersion(call, name, asked ?? 'latest');
    const format = assertReadable(version);
    items.push({
      name,
      format,
      version: String(version.version),
      urn: datasetUrn(call.tenant, name, version.version),
      path: await context.ports.store.materialize(placeOf(version)),
      files: version.files.filter(isDataFile).map(file => ({ name: file.name, sizeBytes: file.sizeBytes })),
      mountName: mountNameOf(name, version.version)
    });
  }
  return { items };
}

const placeOf = (version: Pick<VersionRow, 'tenant' | 'content_id'>): ObjectPlace => ({ tenant: version.tenant, key: contentKey(version.content_id) });

/** A version can be read as soon as its bytes are published, before they are described. */
function assertReadable(version: VersionRow): NonNullable<VersionRow['format']> {
  if (version.state !== 'failed' && version.is_published && version.format !== null) return version.format;
  throw new Problem('invalid-state', {
    detail:
      version.state === 'failed'
        ? `Version ${version.version} of ‘${version.dataset}’ could not be read: ${version.state_message ?? ''}`
        : `Version ${version.version} of ‘${version.dataset}’ is still being taken in.`,
    hint: version.state === 'failed' ? 'Use another version.' : 'Try again in a moment.'
  });
}
