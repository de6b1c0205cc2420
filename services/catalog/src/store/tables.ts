import type { JsonColumn, TimestampColumn, Tx } from '@stratalab/kernel';
import type { CheckResult, ColumnProfile, ColumnSchema, ContractState, DatasetFormat, VersionFile, VersionState } from '@stratalab/contracts/catalog';
import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';

export type OriginKind = 'upload' | 'folder' | 'output' | 'sample';
export interface StoredProfile {
  readonly basis: 'exact' | 'sample';
  readonly sampledRows: number;
  readonly columns: readonly ColumnProfile[];
}
export type CatalogTables = {
  'catalog.dataset': {
    tenant: string;
    name: string;
    description: string;
    tags: string[];
    owner: string;
    is_sample: boolean;
    state: 'active' | 'deleting' | 'deleted';
    last_version: number;
    created_at: TimestampColumn;
    updated_at: TimestampColumn;
    latest_version: number | null;
    latest_state: VersionState | null;
    latest_format: DatasetFormat | null;
    row_count: number | null;
    size_bytes: number | null;
    column_names: Generated<string[]>;
    contract_state: Generated<ContractState>;
    terms: Generated<string>;
    grams: Generated<string[]>;
  };
  'catalog.gram': { tenant: string; gram: string; names: number };
  'catalog.version': {
    tenant: string;
    dataset: string;
    version: number;
    content_id: string;
    state: VersionState;
    state_message: string | null;
    is_published: boolean;
    format: DatasetFormat | null;
    size_bytes: number;
    row_count: number | null;
    columns: JsonColumn<readonly ColumnSchema[]>;
    files: JsonColumn<readonly VersionFile[]>;
    created_at: TimestampColumn;
    created_by: string;
    origin_kind: OriginKind;
    origin_path: string | null;
    producer_urn: string | null;
    producer_output: string | null;
    profile_state: Generated<'pending' | 'ready' | 'failed'>;
    profile_message: string | null;
    profile: ColumnType<StoredProfile | null, string | undefined, string>;
    profiled_at: ColumnType<string | null, string | undefined, string>;
  };
  'catalog.upload': {
    tenant: string;
    id: string;
    dataset: string;
    description: string | null;
    tags: string[] | null;
    files: JsonColumn<readonly { readonly name: string; readonly sizeBytes: number }[]>;
    state: Generated<'open' | 'completed' | 'cancelled'>;
    version: number | null;
    created_at: TimestampColumn;
    created_by: string;
  };
  'catalog.mount': { tenant: string; subject: string; mount_name: string; dataset: string; version: number; created_at: TimestampColumn };
  'catalog.contract': { tenant: string; dataset: string; document: string; updated_at: TimestampColumn; updated_by: string };
  'catalog.contract_run': {
    tenant: string;
    id: string;
    dataset: string;
    version: number;
    state: 'passed' | 'failed';
    results: JsonColumn<readonly CheckResult[]>;
    time: TimestampColumn;
  };
  'catalog.lineage_edge': { tenant: string; from_urn: string; to_urn: string; time: TimestampColumn };
};

export type DatasetRow = Selectable<CatalogTables['catalog.dataset']>;
export type VersionRow = Selectable<CatalogTables['catalog.version']>;
export type NewVersionRow = Insertable<CatalogTables['catalog.version']>;
export type UploadRow = Selectable<CatalogTables['catalog.upload']>;
export type MountRow = Selectable<CatalogTables['catalog.mount']>;

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<CatalogTables>();
}
