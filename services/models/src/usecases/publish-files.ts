import type { ArtifactRow } from '../store/artifact-store.ts';
import { inspect } from './create-version.ts';
import type { Inspection } from './inspect-files.ts';
import { confirmRoom, dropObjects, type StorageParts } from './storage.ts';

/**
 * Turns a staging folder into the files of a version (`versions/<stagingId>`), by a rename, and looks into them. Idempotent: a second call
 * finds the objects of the first. The bytes count from then on. Files that are no model are removed again.
 * @throws invalid-input when they cannot be read as what they claim to be
 */
export async function publishFiles(parts: StorageParts, stagingId: string, signal: AbortSignal): Promise<{ files: readonly ArtifactRow[]; inspection: Inspection }> {
  const { objects, tenant } = parts;
  const owner = `versions/${stagingId}`;
  const key = `models/${owner}`;
  const stored = await objects.publish({ tenant, stagingId, key });
  const sizeBytes = stored.reduce((sum, file) => sum + file.sizeBytes, 0);
  await confirmRoom(parts, key, sizeBytes);
  const files: ArtifactRow[] = [];
  for (const { name, sizeBytes } of stored) {
    files.push({ path: name, size_bytes: sizeBytes, sha256: await objects.sha256({ tenant, key: `${key}/${name}` }, signal), object_id: null });
  }
  try {
    return { files, inspection: await inspect(parts, owner, files) };
  } catch (error) {
    await dropObjects(parts, key);
    throw error;
  }
}
