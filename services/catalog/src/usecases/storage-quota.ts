import { controlRoutes } from '@stratalab/contracts/control';
import { serviceActor } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { contentUrn, storageMiB } from '../domain/dataset.ts';

export interface StoredContent {
  readonly tenant: string;
  readonly dataset: string;
  readonly contentId: string;
  readonly sizeBytes: number;
}

const holdSeconds = 3_600;

function clientOf(context: CatalogContext, content: StoredContent, subject?: string) {
  return context.clientFor(controlRoutes, serviceActor('catalog', content.tenant, subject));
}

/** Reserves room for bytes before they are taken in; idempotent by content. @throws quota-exceeded */
export async function reserveStorage(context: CatalogContext, content: StoredContent, subject: string): Promise<void> {
  await clientOf(context, content, subject).reserveQuota({
    params: { tenant: content.tenant },
    body: { objectUrn: contentUrn(content.tenant, content.dataset, content.contentId), amounts: { 'storage-mib': storageMiB(content.sizeBytes) }, expiresInSeconds: holdSeconds }
  });
}

/** Says that the bytes exist; they count until they are released, whatever the limit became meanwhile. */
export async function confirmStorage(context: CatalogContext, content: StoredContent): Promise<void> {
  await clientOf(context, content).confirmReservation({
    params: { tenant: content.tenant },
    body: { objectUrn: contentUrn(content.tenant, content.dataset, content.contentId), amounts: { 'storage-mib': storageMiB(content.sizeBytes) } }
  });
}

/** Gives the room back; idempotent. */
export async function releaseStorage(context: CatalogContext, content: Omit<StoredContent, 'sizeBytes'>): Promise<void> {
  await clientOf(context, { ...content, sizeBytes: 0 }).releaseReservation({
    params: { tenant: content.tenant },
    body: { objectUrn: contentUrn(content.tenant, content.dataset, content.contentId) }
  });
}
