import { Problem } from '@stratalab/contracts';
import type { DatasetFormat } from '@stratalab/contracts/catalog';
import { appendEvent, wake, type StoredFile, type Tx } from '@stratalab/kernel';
import { datasetUrn } from '../domain/dataset.ts';
import { ensureDataset, refreshLatest } from '../store/dataset-store.ts';
import type { OriginKind, VersionRow } from '../store/tables.ts';
import { insertVersion } from '../store/version-store.ts';

/** Kind of the reconciler that takes in, describes and profiles versions; its object ids are content ids. */
export const versionKind = 'dataset-version';

export interface NewVersion {
  readonly tenant: string;
  readonly dataset: string;
  readonly contentId: string;
  readonly subject: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly isSample?: boolean;
  readonly origin: { readonly kind: OriginKind; readonly path?: string; readonly producerUrn?: string; readonly output?: string };
  /** What is known when the bytes are in their place already. */
  readonly published?: { readonly format: DatasetFormat; readonly files: readonly StoredFile[] };
  readonly sizeBytes: number;
}

/**
 * Adds the next version of a dataset, making the dataset when it is new; the reconciler goes on from there.
 * @throws invalid-state while the dataset is being deleted
 */
export async function addVersion(tx: Tx, input: NewVersion): Promise<VersionRow> {
  const { tenant, dataset, published, origin } = input;
  const row = await ensureDataset(tx, { tenant, name: dataset, owner: input.subject, description: input.description, tags: input.tags, isSample: input.isSample ?? false });
  if (row.state === 'deleting') throw new Problem('invalid-state', { detail: `The dataset ‘${dataset}’ is being deleted.`, hint: 'Try again in a moment, or take another name.' });
  const version = await insertVersion(tx, {
    tenant,
    dataset,
    content_id: input.contentId,
    state: 'preparing',
    is_published: published !== undefined,
    format: published?.format ?? null,
    size_bytes: input.sizeBytes,
    columns: '[]',
    files: JSON.stringify((published?.files ?? []).map(file => ({ ...file, sha256: null }))),
    created_by: input.subject,
    origin_kind: origin.kind,
    origin_path: origin.path ?? null,
    producer_urn: origin.producerUrn ?? null,
    producer_output: origin.output ?? null
  });
  await refreshLatest(tx, tenant, dataset);
  await noteChange(tx, { tenant, dataset, subject: input.subject, version: version.version });
  await wake(tx, { kind: versionKind, objectId: input.contentId, tenant });
  return version;
}

/** Says that something about a dataset changed. */
export async function noteChange(tx: Tx, change: { readonly tenant: string; readonly dataset: string; readonly subject?: string; readonly version?: number }): Promise<void> {
  const { tenant, dataset, subject, version } = change;
  await appendEvent(tx, {
    name: 'dataset.changed.v1',
    tenant,
    ...(subject === undefined ? {} : { subject }),
    urn: datasetUrn(tenant, dataset),
    data: { dataset, ...(version === undefined ? {} : { version: String(version) }) }
  });
}
