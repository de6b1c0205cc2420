import { Problem, type BodyOf } from '@stratalab/contracts';
import { uploadPartBytes, type catalogRoutes, type Upload, type VersionReference } from '@stratalab/contracts/catalog';
import { newId, wake, type Call, type StoredFile } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { assertDistinctFiles, contentKey, datasetUrn, distinctTags } from '../domain/dataset.ts';
import { findDataset, lockDataset } from '../store/dataset-store.ts';
import { tables, type UploadRow } from '../store/tables.ts';
import { findUpload, lockUpload, setUploadState } from '../store/upload-store.ts';
import { findByContent, referenceOf } from '../store/version-store.ts';
import { personOf } from './find-version.ts';
import { inspectContent } from './inspect-content.ts';
import { addVersion } from './publish-version.ts';
import { reserveStorage } from './storage-quota.ts';

/** Kind of the reconciler that keeps uploads. */
export const uploadKind = 'dataset-upload';
const hourMs = 3_600_000;

/** Begins an upload: room is reserved for all of its files. @throws quota-exceeded, invalid-request, invalid-state */
export async function createUpload(context: CatalogContext, call: Call, body: BodyOf<typeof catalogRoutes.createUpload>): Promise<Upload> {
  assertDistinctFiles(body.files);
  const id = newId();
  const subject = personOf(call);
  const sizeBytes = body.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  await reserveStorage(context, { tenant: call.tenant, dataset: body.dataset, contentId: id, sizeBytes }, subject);
  await context.ports.store.stage({ tenant: call.tenant, stagingId: id });
  return call.commit(
    async tx => {
      const dataset = await lockDataset(tx, call.tenant, body.dataset);
      if (dataset?.state === 'deleting') throw new Problem('invalid-state', { detail: `The dataset ‘${body.dataset}’ is being deleted.`, hint: 'Try again in a moment.' });
      const row = await tables(tx)
        .insertInto('catalog.upload')
        .values({
          id,
          tenant: call.tenant,
          dataset: body.dataset,
          description: body.description ?? null,
          tags: body.tags === undefined ? null : distinctTags(body.tags),
          files: JSON.stringify(body.files),
          created_by: subject
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await wake(tx, { kind: uploadKind, objectId: id, tenant: call.tenant });
      return uploadOf(context, row, { staged: [], restingSince: context.clock.now() });
    },
    () => datasetUrn(call.tenant, body.dataset)
  );
}

/** How far an upload got, by the bytes that are there. @throws not-found */
export async function getUpload(context: CatalogContext, call: Call, id: string): Promise<Upload> {
  const row = await requireUpload(call, id);
  const place = { tenant: call.tenant, stagingId: id };
  const staged = row.state === 'completed' ? row.files : ((await context.ports.store.listStaged(place)) ?? []);
  return uploadOf(context, row, { staged, restingSince: (await context.ports.store.stagedAt(place)) ?? new Date(row.created_at) });
}

/**
 * Takes the next bytes of one file; what came before a cut stays.
 * @throws not-found; invalid-state once it is completed or cancelled; conflict when `offset` is not what was received; payload-too-large
 */
export async function putUploadPart(
  context: CatalogContext,
  call: Call,
  part: { readonly upload: string; readonly file: number; readonly offset: number; readonly body: AsyncIterable<Uint8Array> }
): Promise<{ receivedBytes: number }> {
  const row = await requireUpload(call, part.upload);
  if (row.state !== 'open') throw closed(row);
  const file = row.files[part.file];
  if (file === undefined) throw new Problem('not-found', { detail: `This upload has no file number ${part.file}.` });
  const { sizeBytes } = await context.ports.store.append({
    tenant: call.tenant,
    stagingId: row.id,
    name: file.name,
    offset: part.offset,
    limitBytes: Math.min(uploadPartBytes, Math.max(0, file.sizeBytes - part.offset)),
    body: part.body,
    signal: call.signal
  });
  return { receivedBytes: sizeBytes };
}

/**
 * Publishes what was uploaded. Idempotent: a second call, also after a crash in the middle of the first, answers the same version.
 * @throws invalid-state when bytes are missing; unsupported-format, invalid-input
 */
export async function completeUpload(context: CatalogContext, call: Call, id: string): Promise<VersionReference> {
  const { store } = context.ports;
  const upload = await requireUpload(call, id);
  if (upload.state === 'cancelled') throw closed(upload);
  if (upload.state === 'completed') return call.commit(async tx => referenceOf(await requirePublished(tx, upload)));
  const content = { tenant: call.tenant, contentId: id, stagingId: id };
  const { format } = await inspectContent(store, content, files => {
    assertComplete(upload, files);
  });
  const files = await store.publish({ ...content, key: contentKey(id) });
  return call.commit(
    async tx => {
      const current = await lockUpload(tx, call.tenant, id);
      if (current?.state === 'cancelled') throw closed(current);
      if (current?.state === 'completed') return referenceOf(await requirePublished(tx, current));
      const version = await addVersion(tx, {
        tenant: call.tenant,
        dataset: upload.dataset,
        contentId: id,
        subject: upload.created_by,
        description: upload.description ?? undefined,
        tags: upload.tags ?? undefined,
        origin: { kind: 'upload' },
        published: { format, files },
        sizeBytes: sum(files)
      });
      await setUploadState(tx, { tenant: call.tenant, id, state: 'completed', version: version.version });
      return referenceOf(version);
    },
    version => version.urn
  );
}

/** Drops an upload; its room is given back by the reconciler. @throws invalid-state when it was completed */
export async function cancelUpload(call: Call, id: string): Promise<void> {
  await requireUpload(call, id);
  await call.commit(async tx => {
    const row = await lockUpload(tx, call.tenant, id);
    if (row?.state === 'completed') throw closed(row);
    await setUploadState(tx, { tenant: call.tenant, id, state: 'cancelled' });
    await wake(tx, { kind: uploadKind, objectId: id, tenant: call.tenant });
  });
}

async function requireUpload(call: Call, id: string): Promise<UploadRow> {
  const row = await call.read(tx => findUpload(tx, call.tenant, id));
  if (row === undefined) throw new Problem('not-found', { detail: 'There is no such upload.' });
  return row;
}

async function requirePublished(tx: Parameters<typeof findByContent>[0], upload: UploadRow) {
  const version = await findByContent(tx, upload.id);
  const dataset = await findDataset(tx, upload.tenant, upload.dataset);
  if (version === undefined || dataset === undefined) throw new Problem('not-found', { detail: 'The version of this upload was deleted.' });
  return version;
}

function assertComplete(upload: UploadRow, staged: readonly StoredFile[]): void {
  const received = new Map(staged.map(file => [file.name, file.sizeBytes]));
  const short = upload.files.find(file => received.get(file.name) !== file.sizeBytes);
  if (short === undefined) return;
  throw new Problem('invalid-state', {
    detail: `‘${short.name}’ has ${received.get(short.name) ?? 0} of ${short.sizeBytes} bytes.`,
    hint: 'Send the rest, then complete the upload.'
  });
}

function closed(upload: UploadRow): Problem {
  return new Problem('invalid-state', { detail: `This upload was ${upload.state === 'completed' ? 'completed' : 'cancelled'}.`, hint: 'Begin a new upload.' });
}

function uploadOf(context: CatalogContext, row: UploadRow, seen: { readonly staged: readonly StoredFile[]; readonly restingSince: Date }): Upload {
  const received = new Map(seen.staged.map(file => [file.name, file.sizeBytes]));
  return {
    id: row.id,
    dataset: row.dataset,
    state: row.state,
    files: row.files.map(file => ({ ...file, receivedBytes: received.get(file.name) ?? 0 })),
    partBytes: uploadPartBytes,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: new Date(seen.restingSince.getTime() + context.config.STRATALAB_UPLOAD_HOURS * hourMs).toISOString(),
    version: row.version === null ? null : String(row.version)
  };
}

function sum(files: readonly StoredFile[]): number {
  return files.reduce((total, file) => total + file.sizeBytes, 0);
}
