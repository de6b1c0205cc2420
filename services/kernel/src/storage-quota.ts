import { Problem } from '@stratalab/contracts';

/** What the books of quota answer to; the client of the service that keeps them fits. */
interface QuotaBooks {
  reserveQuota(request: { params: { tenant: string }; body: { objectUrn: string; amounts: StorageAmount; expiresInSeconds: number } }): Promise<unknown>;
  confirmReservation(request: { params: { tenant: string }; body: { objectUrn: string; amounts: StorageAmount } }): Promise<unknown>;
  releaseReservation(request: { params: { tenant: string }; body: { objectUrn: string } }): Promise<unknown>;
}

interface StorageAmount {
  'storage-mib': number;
}

/** Bytes that a tenant keeps, by the URN they are counted under. */
interface KeptBytes {
  readonly tenant: string;
  readonly urn: string;
  readonly sizeBytes: number;
}

export interface StorageQuota {
  /** Holds room for bytes before they are taken in; idempotent by URN. An hour later it is given back unless it was confirmed. @throws quota-exceeded */
  reserve(bytes: KeptBytes, subject: string): Promise<void>;
  /** Says that the bytes exist, and how many; they count until they are released, whatever the limit became meanwhile. */
  confirm(bytes: KeptBytes): Promise<void>;
  /** Gives the room back; idempotent. */
  release(bytes: Omit<KeptBytes, 'sizeBytes'>): Promise<void>;
}

const holdSeconds = 3_600;
const bytesPerKiB = 1_024;
const kiBPerMiB = 1_024;

/** MiB that bytes take, rounded up to whole KiB: small files stay small, and sums of such numbers are exact. */
function storageMiB(sizeBytes: number): number {
  return Math.ceil(sizeBytes / bytesPerKiB) / kiBPerMiB;
}

const unannouncedBytes = 1024 * 1024;

/**
 * How many bytes a body may bring: the length it announces, or 1 MiB when it announces none (clients send an empty file like that). That much
 * is reserved before a byte is read.
 */
export function announcedBytes(contentLength: string | undefined): number {
  if (contentLength === undefined) return unannouncedBytes;
  const bytes = Number(contentLength);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new Problem('invalid-request', { detail: 'The Content-Length is not a number of bytes.' });
  return bytes;
}

/** Counts what a service keeps against the storage quota of its tenants. `booksFor` acts as the service, on behalf of `subject` when there is one. */
export function createStorageQuota(booksFor: (tenant: string, subject?: string) => QuotaBooks): StorageQuota {
  return {
    async reserve({ tenant, urn, sizeBytes }, subject) {
      await booksFor(tenant, subject).reserveQuota({
        params: { tenant },
        body: { objectUrn: urn, amounts: { 'storage-mib': storageMiB(sizeBytes) }, expiresInSeconds: holdSeconds }
      });
    },
    async confirm({ tenant, urn, sizeBytes }) {
      await booksFor(tenant).confirmReservation({ params: { tenant }, body: { objectUrn: urn, amounts: { 'storage-mib': storageMiB(sizeBytes) } } });
    },
    async release({ tenant, urn }) {
      await booksFor(tenant).releaseReservation({ params: { tenant }, body: { objectUrn: urn } });
    }
  };
}
