import { Problem, type BodyOf } from '@stratalab/contracts';
import type { catalogRoutes, VersionReference } from '@stratalab/contracts/catalog';
import { newId, type Call } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { distinctTags } from '../domain/dataset.ts';
import { isDataFile } from '../domain/sniff.ts';
import { referenceOf } from '../store/version-store.ts';
import { personOf } from './find-version.ts';
import { addVersion } from './publish-version.ts';
import { reserveStorage } from './storage-quota.ts';

/**
 * Publishes a folder or file of the caller's own workspace. Room is reserved and the path checked at once; the copy is the reconciler's,
 * so that a large folder needs no long request and a restart goes on.
 * @throws not-found, invalid-request, invalid-input, unsupported-format, quota-exceeded
 */
export async function registerFolder(context: CatalogContext, call: Call, body: BodyOf<typeof catalogRoutes.registerFolder>): Promise<VersionReference> {
  const subject = personOf(call);
  const files = await context.ports.workspaces.inspectFolder({ user: subject, path: body.path });
  if (!files.some(isDataFile))
    throw new Problem('unsupported-format', { detail: `There is no data file in ‘${body.path}’.`, hint: 'It should hold CSV, TSV, JSON lines or Parquet files.' });
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const contentId = newId();
  await reserveStorage(context, { tenant: call.tenant, dataset: body.dataset, contentId, sizeBytes }, subject);
  return call.commit(
    async tx =>
      referenceOf(
        await addVersion(tx, {
          tenant: call.tenant,
          dataset: body.dataset,
          contentId,
          subject,
          description: body.description,
          tags: body.tags === undefined ? undefined : distinctTags(body.tags),
          origin: { kind: 'folder', path: body.path },
          sizeBytes
        })
      ),
    version => version.urn
  );
}
