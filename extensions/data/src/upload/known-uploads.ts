import type { Upload } from '@stratalab/contracts/catalog';

/** Uploads this browser began and did not end, so that choosing the same files again goes on. */
export interface KnownUploads {
  /** The upload of these very files into this dataset; `undefined` when there is none. */
  find(tenant: string, dataset: string, files: readonly { readonly name: string; readonly size: number }[]): string | undefined;
  remember(tenant: string, upload: Upload): void;
  forget(tenant: string, id: string): void;
}

const storageKey = 'stratalab:uploads';
const highestKept = 20;

interface Entry {
  readonly id: string;
  readonly key: string;
}

export function createKnownUploads(storage: Pick<Storage, 'getItem' | 'setItem'>): KnownUploads {
  const read = (): readonly Entry[] => {
    try {
      const entries: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  };
  const keyOf = (tenant: string, dataset: string, files: readonly { readonly name: string; readonly size: number }[]): string =>
    JSON.stringify([tenant, dataset, files.map(file => [file.name, file.size])]);
  return {
    find: (tenant, dataset, files) => read().find(entry => entry.key === keyOf(tenant, dataset, files))?.id,
    remember(tenant, upload) {
      const key = keyOf(
        tenant,
        upload.dataset,
        upload.files.map(file => ({ name: file.name, size: file.sizeBytes }))
      );
      storage.setItem(storageKey, JSON.stringify([{ id: upload.id, key }, ...read().filter(entry => entry.key !== key)].slice(0, highestKept)));
    },
    forget: (_tenant, id) => storage.setItem(storageKey, JSON.stringify(read().filter(entry => entry.id !== id)))
  };
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'id' in value && 'key' in value && typeof value.id === 'string' && typeof value.key === 'string';
}
