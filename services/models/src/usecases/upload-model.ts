import { createHash } from 'node:crypto';
import { Problem } from '@stratalab/contracts';
import type { ModelVersion } from '@stratalab/contracts/models';
import { appendEvent, newId, type Call, type ObjectStore, type StorageQuota } from '@stratalab/kernel';
import { putArtifact } from '../store/artifact-store.ts';
import { modelUrn, putAlias } from '../store/model-store.ts';
import { versionsOf } from '../store/version-store.ts';
import { inspect } from './create-version.ts';
import { readGguf } from './inspect-files.ts';
import { originOf } from './origin.ts';
import { registerVersion } from './register-version.ts';
import { confirmRoom, dropObjects, reserveRoom } from './storage.ts';

export interface Upload {
  readonly model: string;
  readonly fileName: string;
  readonly sha256?: string | undefined;
  readonly alias?: string | undefined;
  /** How many bytes may come; that much room is reserved before one is read. */
  readonly announcedBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Takes a GGUF file as the next version of a model: streamed, checked by its header and digest, then whole at once (P9, F28).
 * @throws quota-exceeded before a byte is read; unsupported-format, invalid-input, payload-too-large, storage-full; nothing is left behind then
 */
export async function uploadModel(given: { readonly objects: ObjectStore; readonly storage: StorageQuota }, call: Call, upload: Upload): Promise<ModelVersion> {
  if (!upload.fileName.toLowerCase().endsWith('.gguf')) {
    throw new Problem('unsupported-format', {
      detail: 'Only GGUF files can be uploaded here.',
      hint: 'Log other models with MLflow from a notebook or a job, then register them.'
    });
  }
  const { tenant } = call;
  const { objects } = given;
  const parts = { ...given, tenant, actor: call.actor };
  const stagingId = newId();
  const owner = `versions/${stagingId}`;
  const hash = createHash('sha256');
  const key = `models/${owner}`;
  let isKept = false;
  await reserveRoom(parts, key, upload.announcedBytes);
  try {
    const { sizeBytes } = await objects.append({
      tenant,
      stagingId,
      name: upload.fileName,
      offset: 0,
      limitBytes: upload.announcedBytes,
      body: hashed(upload.bytes, hash),
      signal: call.signal
    });
    const sha256 = hash.digest('hex');
    if (upload.sha256 !== undefined && upload.sha256 !== sha256)
      throw new Problem('invalid-input', { detail: 'The bytes that arrived have another SHA-256.', hint: 'Upload the file again.' });
    await readGguf({ path: upload.fileName, sizeBytes }, (name, offset, length) => objects.readStaged({ tenant, stagingId, name, offset, length }));
    await objects.publish({ tenant, stagingId, key });
    await confirmRoom(parts, key, sizeBytes);
    const file = { path: upload.fileName, size_bytes: sizeBytes, sha256, object_id: null };
    const inspection = await inspect({ objects, tenant }, owner, [file]);
    const version = await call.commit(
      async tx => {
        await putArtifact(tx, tenant, owner, file);
        const createdBy = call.actor.onBehalfOf ?? call.actor.subject;
        const origin = { ...originOf(call.actor, tenant), kind: 'upload' as const };
        const row = await registerVersion(tx, { tenant, model: upload.model, createdBy, origin, source: `models:/${upload.model}`, owner, inspection, mayCreateModel: true });
        if (upload.alias !== undefined) {
          await putAlias(tx, tenant, { model: upload.model, alias: upload.alias, version: row.version });
          await appendEvent(tx, {
            name: 'model.alias-changed.v1',
            tenant,
            subject: createdBy,
            urn: modelUrn(tenant, upload.model),
            data: { model: upload.model, alias: upload.alias, version: row.version }
          });
        }
        const [made] = await versionsOf(tx, tenant, [row]);
        if (made === undefined) throw new Error('A version that was just made is not there.');
        return made;
      },
      made => made.urn
    );
    isKept = true;
    return version;
  } finally {
    await objects.dropStaged({ tenant, stagingId });
    if (!isKept) await dropObjects(parts, key);
  }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: { update(chunk: Uint8Array): unknown }): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}
