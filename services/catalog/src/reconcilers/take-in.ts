import { Problem } from '@stratalab/contracts';
import { newId, type StoredFile } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { contentKey } from '../domain/dataset.ts';
import type { VersionRow } from '../store/tables.ts';
import { inspectContent, type InspectedContent } from '../usecases/inspect-content.ts';

const sampleTimeoutMs = 60_000;

export interface TakenIn {
  readonly format: InspectedContent['format'];
  readonly files: readonly StoredFile[];
  readonly sizeBytes: number;
}

/**
 * Brings the bytes of a registered folder or a sample to their place. Begins again from nothing after a crash in the middle.
 * @throws Problem when the content cannot be a version: not-found, invalid-input, unsupported-format
 */
export async function takeIn(context: CatalogContext, version: VersionRow, signal: AbortSignal): Promise<TakenIn> {
  const { store } = context.ports;
  const { tenant, content_id: contentId } = version;
  const content = { tenant, contentId, stagingId: contentId };
  if ((await store.list({ tenant, key: contentKey(contentId) })) === undefined) {
    await store.dropStaged(content);
    const folder = await store.stage(content);
    if (version.origin_kind === 'folder') {
      await context.ports.workspaces.copyFolder({ user: version.created_by, path: version.origin_path ?? '', folder, limitBytes: version.size_bytes, signal });
    } else {
      await writeSample(context, version, { folder, signal });
    }
  }
  const { format } = await inspectContent(store, content);
  const files = await store.publish({ ...content, key: contentKey(contentId) });
  return { format, files, sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}

/** Writes the CSV of a sample; one that is kept as Parquet passes through a staging folder of its own. */
async function writeSample(context: CatalogContext, version: VersionRow, target: { readonly folder: string; readonly signal: AbortSignal }): Promise<void> {
  const { samples, query, store } = context.ports;
  const { folder, signal } = target;
  const sample = samples.all.find(({ name }) => name === version.dataset);
  if (sample === undefined) throw new Problem('not-found', { detail: 'This installation does not carry the sample any more.' });
  if (sample.sql === undefined) return samples.write(sample.name, folder, signal);
  const source = { tenant: version.tenant, stagingId: newId() };
  try {
    const sourceFolder = await store.stage(source);
    await samples.write(sample.name, sourceFolder, signal);
    const files = (await store.listStaged(source)) ?? [];
    await query.run({
      sql: sample.sql,
      tables: [{ name: 'data', format: 'csv', files: files.map(({ name }) => `${sourceFolder}/${name}`) }],
      limits: { memoryMiB: context.config.STRATALAB_QUERY_MEMORY_MIB, timeoutMs: sampleTimeoutMs, rowLimit: 0, byteLimit: 0 },
      output: { folder, fileName: `${sample.name}.parquet`, format: 'parquet' },
      signal
    });
  } finally {
    await store.dropStaged(source);
  }
}
