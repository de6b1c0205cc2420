import type { DatasetSummary } from '@stratalab/contracts/catalog';
import { datasetUrn, excerptOf } from '../domain/dataset.ts';
import type { DatasetRow } from './tables.ts';

const shownTags = 6;

/** One row of a list, from what lists read of a dataset. */
export function summaryOf(row: Omit<DatasetRow, 'terms' | 'grams' | 'column_names'> & { readonly column_count: number }, matchedColumns: readonly string[]): DatasetSummary {
  return {
    name: row.name,
    urn: datasetUrn(row.tenant, row.name),
    excerpt: excerptOf(row.description),
    tags: row.tags.slice(0, shownTags),
    owner: row.owner,
    updatedAt: row.updated_at,
    latestVersion: row.latest_version === null ? null : String(row.latest_version),
    state: row.latest_state,
    format: row.latest_format,
    rowCount: row.row_count,
    sizeBytes: row.size_bytes,
    columnCount: row.latest_state === 'ready' ? row.column_count : null,
    contractState: row.contract_state,
    isSample: row.is_sample,
    matchedColumns: [...matchedColumns]
  };
}
