import type { Actor, ObjectStore, StorageQuota } from '@stratalab/kernel';
import { storageUrn } from '../domain/stored-files.ts';

export interface StorageParts {
  readonly objects: ObjectStore;
  readonly storage: StorageQuota;
  readonly tenant: string;
}

function counted(parts: StorageParts, key: string): { tenant: string; urn: string } {
  const urn = storageUrn(parts.tenant, key);
  if (urn === undefined) throw new Error(`Nothing is counted under ${key}.`);
  return { tenant: parts.tenant, urn };
}

/** Holds room for what will be below a key. @throws quota-exceeded with the numbers */
export async function reserveRoom(parts: StorageParts & { readonly actor: Actor }, key: string, sizeBytes: number): Promise<void> {
  await parts.storage.reserve({ ...counted(parts, key), sizeBytes }, parts.actor.onBehalfOf ?? parts.actor.subject);
}

/** Counts what is below a key, at its real size. */
export async function confirmRoom(parts: StorageParts, key: string, sizeBytes: number): Promise<void> {
  await parts.storage.confirm({ ...counted(parts, key), sizeBytes });
}

/** Removes what is below a key and gives its room back; idempotent. */
export async function dropObjects(parts: StorageParts, key: string): Promise<void> {
  await parts.objects.remove({ tenant: parts.tenant, key });
  const urn = storageUrn(parts.tenant, key);
  if (urn !== undefined) await parts.storage.release({ tenant: parts.tenant, urn });
}
