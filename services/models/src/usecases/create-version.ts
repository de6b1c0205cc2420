import { Problem } from '@stratalab/contracts';
import { Buffer } from 'node:buffer';
import { newId, type Actor, type ObjectStore, type Tx } from '@stratalab/kernel';
import { readSource, type ModelSource } from '../domain/artifact-place.ts';
import { invalidParameter, missing, MlflowError } from '../domain/mlflow-error.ts';
import { putArtifact, readArtifacts, type ArtifactRow } from '../store/artifact-store.ts';
import { findLoggedModel } from '../store/logged-model-store.ts';
import { findRun } from '../store/run-store.ts';
import { findVersion, type VersionRow } from '../store/version-store.ts';
import { ownerOfModel, stageRunFolder, type ArtifactParts } from './artifacts.ts';
import { inspectFiles, type Inspection, type InspectedFile } from './inspect-files.ts';
import { originOf } from './origin.ts';
import { registerVersion } from './register-version.ts';
import { confirmRoom, dropObjects } from './storage.ts';

export interface VersionRequest {
  readonly model: string;
  readonly source: string;
  readonly runId?: string | undefined;
  readonly loggedModelId?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly mayCreateModel: boolean;
}

/** Files of a version that exist as objects, with what was found in them; ready to be registered in one transaction. */
export interface PreparedVersion {
  readonly owner: string;
  readonly inspection: Inspection;
  readonly runId?: string | undefined;
  readonly loggedModelId?: string | undefined;
  /** Files to be noted for a new owner; absent when they are known. */
  readonly files?: readonly ArtifactRow[];
}

/** Prepares the files of a version and registers them by `register`; when that fails, files that were copied for it go again. */
export async function createVersion<Made>(
  parts: ArtifactParts & { readonly signal: AbortSignal },
  request: VersionRequest,
  register: (prepared: PreparedVersion) => Promise<Made>
): Promise<Made> {
  const prepared = await prepareVersion(parts, request, parts.signal);
  try {
    return await register(prepared);
  } catch (error) {
    if (prepared.files !== undefined) await dropObjects(parts, `models/${prepared.owner}`);
    throw error;
  }
}

/**
 * Resolves a source to files inside the caller's tenant and looks into them. Nothing the client says is used as a location (D11).
 * @throws INVALID_PARAMETER_VALUE for a foreign source, or one that the named run or model does not own (T16)
 */
async function prepareVersion(parts: ArtifactParts, request: VersionRequest, signal: AbortSignal): Promise<PreparedVersion> {
  const source = readSource(request.source);
  assertOwned(source, request);
  switch (source.kind) {
    case 'run':
      return fromRun(parts, { runId: source.runId, folder: source.path }, signal);
    case 'logged-model':
      return fromLoggedModel(parts, source.id, request);
    case 'version':
      return fromVersion(parts, source);
    case 'artifacts':
      if (source.place.kind === 'run') return fromRun(parts, { runId: source.place.id, folder: source.place.path }, signal);
      if (source.place.kind === 'logged-model' && source.place.path === '') return fromLoggedModel(parts, source.place.id, request);
      throw notOwned(request.source);
  }
}

/** A proxied location must come with the id of what owns it: MLflow's own rule against confused paths. */
function assertOwned(source: ModelSource, request: VersionRequest): void {
  if (source.kind === 'run' && request.runId !== undefined && request.runId !== source.runId) throw notOwned(request.source);
  if (source.kind !== 'artifacts') return;
  const { place } = source;
  const isNamed = place.kind === 'run' ? place.id === request.runId : request.loggedModelId === place.id || (request.loggedModelId === undefined && request.runId !== undefined);
  if (!isNamed) throw notOwned(request.source);
}

function notOwned(source: string): MlflowError {
  return invalidParameter(`Invalid model version source: '${source.slice(0, 300)}'. The run_id request parameter must identify the resource that contains the source.`);
}

async function fromRun(parts: ArtifactParts, from: { runId: string; folder: string }, signal: AbortSignal): Promise<PreparedVersion> {
  const run = await parts.database.inTenant({ tenant: parts.tenant, isReadOnly: true }, tx => findRun(tx, parts.tenant, from.runId));
  if (run === undefined) throw missing('Run', from.runId);
  const stagingId = newId();
  const owner = `versions/${stagingId}`;
  const { tenant, objects } = parts;
  try {
    const files = await stageRunFolder(parts, { ...from, stagingId }, signal);
    const stored = await objects.publish({ tenant, stagingId, key: `models/${owner}` });
    const sizeBytes = stored.reduce((sum, file) => sum + file.sizeBytes, 0);
    await confirmRoom(parts, `models/${owner}`, sizeBytes);
    return { owner, files, runId: from.runId, inspection: await inspect(parts, owner, files) };
  } catch (error) {
    await objects.dropStaged({ tenant, stagingId });
    await dropObjects(parts, `models/${owner}`);
    throw error;
  }
}

async function fromLoggedModel(parts: ArtifactParts, id: string, request: VersionRequest): Promise<PreparedVersion> {
  const { tenant } = parts;
  const { model, files } = await parts.database.inTenant({ tenant, isReadOnly: true }, async tx => ({
    model: await findLoggedModel(tx, tenant, id),
    files: await readArtifacts(tx, tenant, ownerOfModel(id), '')
  }));
  if (model === undefined) throw missing('Logged model', id);
  if (request.loggedModelId === undefined && request.runId !== undefined && request.runId !== model.run_id) throw notOwned(request.source);
  if (model.state !== 'ready') throw new MlflowError('INVALID_STATE', `Logged model ${id} is not finished: it is ${model.state}.`);
  const inspection = await inspect(parts, ownerOfModel(id), files);
  return { owner: ownerOfModel(id), inspection, loggedModelId: id, ...(model.run_id === null ? {} : { runId: model.run_id }) };
}

async function fromVersion(parts: ArtifactParts, from: { model: string; version: number }): Promise<PreparedVersion> {
  const { tenant } = parts;
  const { row, files } = await parts.database.inTenant({ tenant, isReadOnly: true }, async tx => {
    const found = await findVersion(tx, tenant, from.model, from.version);
    return { row: found, files: found === undefined ? [] : await readArtifacts(tx, tenant, found.owner, '') };
  });
  if (row === undefined) throw missing('Model version', `${from.model}@${from.version}`);
  const inspection = await inspect(parts, row.owner, files);
  return { owner: row.owner, inspection, ...(row.run_id === null ? {} : { runId: row.run_id }), ...(row.logged_model_id === null ? {} : { loggedModelId: row.logged_model_id }) };
}

/** Looks into published files. */
export async function inspect(parts: Pick<ArtifactParts, 'objects' | 'tenant'>, owner: string, files: readonly ArtifactRow[]): Promise<Inspection> {
  return inspectFiles(files.map(inspectedOf), readerOf(parts.objects, parts.tenant, owner));
}

function inspectedOf(row: ArtifactRow): InspectedFile {
  return { path: row.path, sizeBytes: row.size_bytes, sha256: row.sha256 };
}

function readerOf(objects: ObjectStore, tenant: string, owner: string): (path: string, offset: number, length: number) => Promise<Uint8Array> {
  return async (path, offset, length) => Buffer.from(await objects.read({ tenant, key: `models/${owner}/${path}`, offset, length }));
}

/** Registers prepared files as the next version, in the caller's transaction. @throws not-found for an unknown model */
export async function commitVersion(tx: Tx, actor: Actor, tenant: string, given: { request: VersionRequest; prepared: PreparedVersion }): Promise<VersionRow> {
  const { request, prepared } = given;
  for (const file of prepared.files ?? []) await putArtifact(tx, tenant, prepared.owner, file);
  const run = prepared.runId === undefined ? undefined : await findRun(tx, tenant, prepared.runId);
  if (prepared.runId !== undefined && run === undefined) throw new Problem('not-found', { detail: 'The run is gone.' });
  return registerVersion(tx, {
    tenant,
    model: request.model,
    createdBy: actor.onBehalfOf ?? actor.subject,
    origin: run?.origin ?? originOf(actor, tenant),
    source: request.source,
    owner: prepared.owner,
    inspection: prepared.inspection,
    description: request.description,
    runId: prepared.runId,
    loggedModelId: prepared.loggedModelId,
    mayCreateModel: request.mayCreateModel,
    ...(request.tags === undefined ? {} : { tags: request.tags })
  });
}
