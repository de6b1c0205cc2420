import { controlRoutes } from '@stratalab/contracts/control';
import { createStorageQuota, serviceActor, type StorageQuota } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { contentUrn } from '../domain/dataset.ts';

export interface StoredContent {
  readonly tenant: string;
  readonly dataset: string;
  readonly contentId: string;
  readonly sizeBytes: number;
}

function storageOf(context: CatalogContext): StorageQuota {
  return createStorageQuota((tenant, subject) => context.clientFor(controlRoutes, serviceActor('catalog', tenant, subject)));
}

function urnOf({ tenant, dataset, contentId }: Omit<StoredContent, 'sizeBytes'>): string {
  return contentUrn(tenant, dataset, contentId);
}

/** Reserves room for bytes before they are taken in; idempotent by content. @throws quota-exceeded */
export async function reserveStorage(context: CatalogContext, content: StoredContent, subject: string): Promise<void> {
  await storageOf(context).reserve({ tenant: content.tenant, urn: urnOf(content), sizeBytes: content.sizeBytes }, subject);
}

/** Says that the bytes exist; they count until they are released, whatever the limit became meanwhile. */
export async function confirmStorage(context: CatalogContext, content: StoredContent): Promise<void> {
  await storageOf(context).confirm({ tenant: content.tenant, urn: urnOf(content), sizeBytes: content.sizeBytes });
}

/** Gives the room back; idempotent. */
export async function releaseStorage(context: CatalogContext, content: Omit<StoredContent, 'sizeBytes'>): Promise<void> {
  await storageOf(context).release({ tenant: content.tenant, urn: urnOf(content) });
}
