import { createHash } from 'node:crypto';
import { Problem } from '@stratalab/contracts';
import { newId, wake, type Actor, type Database, type ObjectStore, type StorageQuota } from '@stratalab/kernel';
import { isWithin } from '../domain/artifact-path.ts';
import type { ArtifactPlace } from '../domain/artifact-place.ts';
import { missing, MlflowError } from '../domain/mlflow-error.ts';
import { childrenOf, dropArtifacts, findArtifact, noteRemovals, putArtifact, readArtifacts, type ArtifactRow, type FolderEntry } from '../store/artifact-store.ts';
import { findLoggedModel, type LoggedModelRow } from '../store/logged-model-store.ts';
import { findRun } from '../store/run-store.ts';
import { findVersion } from '../store/version-store.ts';
import { runFileKey, versionKey } from '../domain/stored-files.ts';
import { confirmRoom, dropObjects, reserveRoom } from './storage.ts';

export interface ArtifactParts {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly storage: StorageQuota;
  readonly actor: Actor;
  readonly tenant: string;
}

export const removalKind = 'models-removal';
/** Largest single file a client may send. */
export const highestArtifactBytes = 64 * 1024 ** 3;
const sliceBytes = 1024 * 1024;

export const ownerOfRun = (id: string): string => `runs/${id}`;
export const ownerOfModel = (id: string): string => `logged-models/${id}`;
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

interface Found {
  readonly owner: string;
  readonly model?: LoggedModelRow;
  readonly isVersion?: boolean;
}

/** What a place names, checked inside the tenant: the run or logged model exists and belongs to the experiment. */
async function lookUp(parts: ArtifactParts, place: ArtifactPlace): Promise<Found> {
  return parts.database.inTenant({ tenant: parts.tenant, isReadOnly: true }, async tx => {
    if (place.kind === 'version') {
      const [model = '', version = ''] = place.id.split('@');
      const row = await findVersion(tx, parts.tenant, model, Number(version));
      if (row === undefined) throw missing('Model version', place.id);
      return { owner: row.owner, isVersion: true };
    }
    if (place.kind === 'run') {
      const run = await findRun(tx, parts.tenant, place.id);
      if (run?.experiment_id !== place.experimentId) throw missing('Run', place.id);
      return { owner: ownerOfRun(place.id) };
    }
    const model = await findLoggedModel(tx, parts.tenant, place.id);
    if (model?.experiment_id !== place.experimentId) throw missing('Logged model', place.id);
    return { owner: ownerOfModel(place.id), model };
  });
}

/** The bytes of one file on their way, and how many may come. */
export interface ArtifactBody {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly announcedBytes: number;
  readonly signal: AbortSignal;
}

/** The files and folders directly in a place. */
export async function listArtifacts(parts: ArtifactParts, place: ArtifactPlace): Promise<readonly FolderEntry[]> {
  const { owner } = await lookUp(parts, place);
  const rows = await parts.database.inTenant({ tenant: parts.tenant, isReadOnly: true }, tx => readArtifacts(tx, parts.tenant, owner, place.path));
  return childrenOf(rows, place.path);
}

/**
 * Stores one file: room is reserved, its bytes flow into a staging folder, become whole, and only then the file is known. A second write
 * replaces the first. What fails leaves nothing.
 * @throws quota-exceeded before a byte is read; INVALID_STATE for a logged model that is finished: its files never change
 */
export async function writeArtifact(parts: ArtifactParts, place: ArtifactPlace, body: ArtifactBody): Promise<ArtifactRow> {
  if (place.path === '') throw new Problem('invalid-request', { detail: 'Invalid path: a file needs a name.' });
  const { owner, model, isVersion } = await lookUp(parts, place);
  const { tenant, objects } = parts;
  if (isVersion === true || (model !== undefined && model.state !== 'pending')) throw finished(place);
  const stagingId = newId();
  const name = baseName(place.path);
  const hash = createHash('sha256');
  const key = runFileKey(stagingId);
  const limitBytes = Math.min(body.announcedBytes, highestArtifactBytes);
  await reserveRoom(parts, key, limitBytes);
  try {
    const { sizeBytes } = await objects.append({ tenant, stagingId, name, offset: 0, limitBytes, body: hashed(body.bytes, hash), signal: body.signal });
    const row = { path: place.path, size_bytes: sizeBytes, sha256: hash.digest('hex'), object_id: stagingId };
    await confirmRoom(parts, key, sizeBytes);
    if (model === undefined) await objects.publish({ tenant, stagingId, key });
    else await objects.moveStaged({ tenant, stagingId, name, toStagingId: model.staging_id, toName: place.path });
    await know(parts, owner, row);
    return row;
  } catch (error) {
    await dropObjects(parts, key);
    throw error;
  } finally {
    await objects.dropStaged({ tenant, stagingId });
  }
}

async function know(parts: ArtifactParts, owner: string, row: ArtifactRow): Promise<void> {
  await parts.database.inTenant({ tenant: parts.tenant }, async tx => {
    const replaced = await putArtifact(tx, parts.tenant, owner, row);
    if (replaced !== null) await removeLater(tx, parts.tenant, [runFileKey(replaced)]);
  });
}

type InTenant = Parameters<Parameters<Database['inTenant']>[1]>[0];

/** Notes objects to be removed, and their room to be given back, once this change committed. */
async function removeLater(tx: InTenant, tenant: string, keys: readonly string[]): Promise<void> {
  await noteRemovals(tx, tenant, keys);
  if (keys.length > 0) await wake(tx, { kind: removalKind, objectId: tenant, tenant });
}

function finished(place: ArtifactPlace): MlflowError {
  return new MlflowError('INVALID_STATE', `The files of the ${place.kind === 'version' ? 'model version' : 'logged model'} ${place.id} never change.`);
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: { update(chunk: Uint8Array): unknown }): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

export interface OpenArtifact {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly fileName: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Opens a file for reading; memory stays flat whatever its size. @throws RESOURCE_DOES_NOT_EXIST */
export async function openArtifact(parts: ArtifactParts, place: ArtifactPlace): Promise<OpenArtifact> {
  const found = await lookUp(parts, place);
  const { owner } = found;
  const row = await parts.database.inTenant({ tenant: parts.tenant, isReadOnly: true }, tx => findArtifact(tx, parts.tenant, owner, place.path));
  if (row === undefined) throw missing('Artifact', place.path);
  return { sizeBytes: row.size_bytes, sha256: row.sha256, fileName: baseName(row.path), bytes: slices(row.size_bytes, readerOf(parts, row, found)) };
}

function readerOf({ objects, tenant }: ArtifactParts, row: ArtifactRow, { owner, model, isVersion }: Found): (offset: number) => Promise<Uint8Array> {
  const read = { offset: 0, length: sliceBytes };
  if (model === undefined && isVersion !== true) return offset => objects.read({ ...read, tenant, offset, key: `${runFileKey(row.object_id ?? '')}/${baseName(row.path)}` });
  if (model?.state === 'pending') return offset => objects.readStaged({ ...read, tenant, offset, stagingId: model.staging_id, name: row.path });
  return offset => objects.read({ ...read, tenant, offset, key: `models/${owner}/${row.path}` });
}

async function* slices(sizeBytes: number, read: (offset: number) => Promise<Uint8Array>): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < sizeBytes;) {
    const slice = await read(offset);
    if (slice.length === 0) throw new Error('An artifact is shorter than it was when it was stored.');
    offset += slice.length;
    yield slice;
  }
}

/** Takes files of a run away; those of finished logged models stay. Idempotent. */
export async function deleteArtifacts(parts: ArtifactParts, place: ArtifactPlace): Promise<void> {
  if (place.kind !== 'run') throw finished(place);
  const { owner } = await lookUp(parts, place);
  await parts.database.inTenant({ tenant: parts.tenant }, async tx => {
    await dropFiles(tx, parts.tenant, owner, place.path);
  });
}

/** Forgets the files that clients sent to an owner; their bytes and their room follow. */
export async function dropFiles(tx: InTenant, tenant: string, owner: string, folder: string): Promise<void> {
  const gone = await dropArtifacts(tx, tenant, owner, folder);
  const keys = gone.flatMap(({ object_id }) => (object_id === null ? [] : [runFileKey(object_id)]));
  await removeLater(tx, tenant, keys);
}

/** Copies a folder of a run's artifacts into a staging folder, as the files of a version. @throws not-found when it is empty; quota-exceeded */
export async function stageRunFolder(parts: ArtifactParts, from: { runId: string; folder: string; stagingId: string }, signal: AbortSignal): Promise<readonly ArtifactRow[]> {
  const { tenant, objects, database } = parts;
  const rows = await database.inTenant({ tenant, isReadOnly: true }, tx => readArtifacts(tx, tenant, ownerOfRun(from.runId), from.folder));
  if (rows.length === 0) throw new Problem('not-found', { detail: `The run has no files below '${from.folder}'.`, hint: 'Register a folder that holds the files of a model.' });
  const { stagingId } = from;
  const files: ArtifactRow[] = [];
  const sources = rows.filter(({ path }) => isWithin(path, from.folder));
  await reserveRoom(
    parts,
    versionKey(stagingId),
    sources.reduce((sum, { size_bytes }) => sum + size_bytes, 0)
  );
  for (const row of sources) {
    const path = row.path === from.folder ? baseName(row.path) : row.path.slice(from.folder === '' ? 0 : from.folder.length + 1);
    const body = slices(row.size_bytes, readerOf(parts, row, { owner: ownerOfRun(from.runId) }));
    await objects.append({ tenant, stagingId, name: path, offset: 0, limitBytes: highestArtifactBytes, body, signal });
    files.push({ ...row, path, object_id: null });
  }
  return files;
}
