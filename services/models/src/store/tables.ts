import type { ModelFormat, Origin, RunState } from '@stratalab/contracts/models';
import type { JsonColumn, NullableTimestampColumn, TimestampColumn, Tx } from '@stratalab/kernel';
import type { Generated, ColumnType } from 'kysely';

type Words = JsonColumn<Record<string, string>>;
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
interface Tag {
  tenant: string;
  run_id: string;
  key: string;
  value: string;
}

export type ModelsTables = {
  'models.experiment': {
    tenant: string;
    id: string;
    name: string;
    description: Generated<string>;
    is_deleted: Generated<boolean>;
    created_by: string | null;
    created_at: TimestampColumn;
    updated_at: TimestampColumn;
    last_run_at: NullableTimestampColumn;
  };
  'models.experiment_tag': { tenant: string; experiment_id: string; key: string; value: string };
  'models.run': {
    tenant: string;
    id: string;
    experiment_id: string;
    name: string;
    state: RunState;
    is_deleted: Generated<boolean>;
    created_by: string;
    started_ms: number;
    ended_ms: number | null;
    origin: JsonColumn<Origin>;
  };
  'models.metric_series': {
    tenant: string;
    run_id: string;
    key: string;
    id: Generated<number>;
    points: Generated<number>;
    last_value: number | null;
    last_step: number | null;
    last_ms: number | null;
    lowest: number | null;
    highest: number | null;
  };
  'models.metric_point': { tenant: string; series: number; step: number; at_ms: number; value: number };
  'models.param': Tag;
  'models.run_tag': Tag;
  'models.run_dataset': {
    tenant: string;
    run_id: string;
    name: string;
    digest: string;
    source_type: string;
    source: string;
    schema: string | null;
    profile: string | null;
    tags: Words;
    urn: string | null;
  };
  'models.logged_model': {
    tenant: string;
    id: string;
    experiment_id: string;
    run_id: string | null;
    name: string;
    model_type: string;
    state: 'pending' | 'ready' | 'failed';
    is_deleted: Generated<boolean>;
    staging_id: string;
    params: Words;
    tags: Words;
    created_by: string;
    created_ms: number;
    updated_ms: number;
  };
  'models.logged_model_metric': {
    tenant: string;
    model_id: string;
    run_id: string;
    key: string;
    dataset_name: string;
    dataset_digest: string;
    value: number;
    step: number;
    at_ms: number;
  };
  'models.run_model': { tenant: string; run_id: string; model_id: string; direction: 'input' | 'output'; step: number };
  'models.artifact': { tenant: string; owner: string; path: string; object_id: string | null; size_bytes: number; sha256: string; created_at: TimestampColumn };
  'models.model': {
    tenant: string;
    name: string;
    description: Generated<string>;
    tags: ColumnType<Record<string, string>, string | undefined, string>;
    last_version: Generated<number>;
    created_by: string;
    created_at: TimestampColumn;
    updated_at: TimestampColumn;
  };
  'models.model_version': {
    tenant: string;
    model: string;
    version: number;
    id: string;
    description: Generated<string>;
    tags: ColumnType<Record<string, string>, string | undefined, string>;
    stage: Generated<string>;
    source: string;
    owner: string;
    run_id: string | null;
    logged_model_id: string | null;
    format: ModelFormat;
    entry_file: string | null;
    size_bytes: number;
    file_count: number;
    sha256: string;
    facts: Words;
    signature: NullableJson<{ inputs: string | null; outputs: string | null }>;
    warnings: JsonColumn<readonly string[]>;
    quarantine_reason: string | null;
    approval: NullableJson<{ by: string; at: string; reason: string }>;
    origin: JsonColumn<Origin>;
    producer_urn: string | null;
    output: string | null;
    created_by: string;
    created_at: TimestampColumn;
    updated_at: TimestampColumn;
  };
  'models.alias': { tenant: string; model: string; alias: string; version: number };
  'models.removal': { tenant: string; key: string };
  'models.milestone': { tenant: string; name: string; time: TimestampColumn };
};

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<ModelsTables>();
}
