import { Problem } from '@stratalab/contracts';
import { missing, MlflowError } from '../domain/mlflow-error.ts';
import { readArtifacts } from '../store/artifact-store.ts';
import { findLoggedModel, updateLoggedModel, type LoggedModelRow } from '../store/logged-model-store.ts';
import { dropFiles, ownerOfModel, type ArtifactParts } from './artifacts.ts';

/**
 * Ends the writing of a logged model: its staged files become objects all at once (P9), then it is ready. Idempotent.
 * @throws INVALID_STATE for a model that failed before
 */
export async function finishLoggedModel(parts: ArtifactParts, id: string, end: { state: 'ready' | 'failed'; nowMs: number }): Promise<LoggedModelRow> {
  const { tenant, objects, database } = parts;
  const model = await database.inTenant({ tenant, isReadOnly: true }, tx => findLoggedModel(tx, tenant, id));
  if (model === undefined) throw missing('Logged model', id);
  if (model.state === end.state) return model;
  if (model.state !== 'pending') throw new MlflowError('INVALID_STATE', `Logged model ${id} is finished already.`);
  if (end.state === 'ready') await publish(parts, model);
  else await objects.dropStaged({ tenant, stagingId: model.staging_id });
  const changed = await database.inTenant({ tenant }, async tx => {
    if (end.state === 'failed') await dropFiles(tx, tenant, ownerOfModel(id), '');
    return updateLoggedModel(tx, tenant, id, { state: end.state, nowMs: end.nowMs });
  });
  if (changed === undefined) throw missing('Logged model', id);
  return changed;
}

/** A model without files (some flavours log none) has nothing to publish. */
async function publish(parts: ArtifactParts, model: LoggedModelRow): Promise<void> {
  const { tenant, objects, database } = parts;
  const known = await database.inTenant({ tenant, isReadOnly: true }, tx => readArtifacts(tx, tenant, ownerOfModel(model.id), ''));
  if (known.length === 0) return;
  const stored = await objects.publish({ tenant, stagingId: model.staging_id, key: `models/${ownerOfModel(model.id)}` });
  const sizes = new Map(stored.map(({ name, sizeBytes }) => [name, sizeBytes]));
  if (known.some(({ path, size_bytes }) => sizes.get(path) !== size_bytes)) throw new Problem('conflict', { detail: 'Files of this model were written while it was finished.' });
}
