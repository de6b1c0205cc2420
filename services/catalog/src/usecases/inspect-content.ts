import { Problem } from '@stratalab/contracts';
import type { DatasetFormat } from '@stratalab/contracts/catalog';
import type { ObjectStore, StoredFile } from '@stratalab/kernel';
import { contentKey } from '../domain/dataset.ts';
import { isDataFile, sniffFormat, type FileSample } from '../domain/sniff.ts';

export interface Content {
  readonly tenant: string;
  readonly contentId: string;
  /** Where it is staged until it is published. */
  readonly stagingId: string;
}

export interface InspectedContent {
  readonly format: DatasetFormat;
  readonly files: readonly StoredFile[];
  readonly sizeBytes: number;
}

const headBytes = 64 * 1024;
const tailBytes = 8;

/**
 * Looks at bytes where they are, staged or published already by a call that was cut: their format and files.
 * @throws not-found when they are in neither place; unsupported-format, invalid-input
 */
export async function inspectContent(store: ObjectStore, content: Content): Promise<InspectedContent> {
  const place = { tenant: content.tenant, stagingId: content.stagingId };
  const key = contentKey(content.contentId);
  const published = await store.list({ tenant: content.tenant, key });
  const files = published ?? (await store.listStaged(place));
  if (files === undefined) throw new Problem('not-found', { detail: 'The staged files are not there any more.', hint: 'Produce or upload them again.' });
  const read = (name: string, offset: number, length: number): Promise<Uint8Array> =>
    published === undefined ? store.readStaged({ ...place, name, offset, length }) : store.read({ tenant: content.tenant, key: `${key}/${name}`, offset, length });
  const samples: FileSample[] = [];
  for (const { name, sizeBytes } of files.filter(isDataFile)) {
    const head = await read(name, 0, Math.min(headBytes, sizeBytes));
    const tail = await read(name, Math.max(0, sizeBytes - tailBytes), tailBytes);
    samples.push({ name, head, tail, isWhole: sizeBytes <= headBytes });
  }
  return { files, format: sniffFormat(samples), sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}
