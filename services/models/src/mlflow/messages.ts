import { experimentArtifactUri, loggedModelArtifactUri, runArtifactUri } from '../domain/artifact-place.ts';
import type { ExperimentRow } from '../store/experiment-store.ts';
import type { LoggedModelMetricRow, LoggedModelRow } from '../store/logged-model-store.ts';
import type { SeriesRow } from '../store/metric-store.ts';
import type { AliasRow, ModelRow } from '../store/model-store.ts';
import type { DatasetRow, RunModelRow } from '../store/run-data-store.ts';
import type { RunRow } from '../store/run-store.ts';
import type { VersionRow } from '../store/version-store.ts';

type Named = { readonly key: string; readonly value: string };

/** Numbers as protocol buffers write them in JSON: NaN and the infinities as text. */
export function jsonNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return value;
}

export function namedOf(words: Readonly<Record<string, string>>): Named[] {
  return Object.entries(words).map(([key, value]) => ({ key, value }));
}

export function experimentMessage(row: ExperimentRow, tags: readonly Named[]): object {
  return {
    experiment_id: row.id,
    name: row.name,
    artifact_location: experimentArtifactUri(row.id),
    lifecycle_stage: row.is_deleted ? 'deleted' : 'active',
    creation_time: Date.parse(row.created_at),
    last_update_time: Date.parse(row.updated_at),
    tags
  };
}

export function runInfoMessage(row: RunRow): object {
  return {
    run_id: row.id,
    run_uuid: row.id,
    run_name: row.name,
    experiment_id: row.experiment_id,
    user_id: row.created_by,
    status: row.state.toUpperCase(),
    start_time: row.started_ms,
    ...(row.ended_ms === null ? {} : { end_time: row.ended_ms }),
    artifact_uri: runArtifactUri(row.experiment_id, row.id),
    lifecycle_stage: row.is_deleted ? 'deleted' : 'active'
  };
}

export interface RunParts {
  readonly metrics: readonly SeriesRow[];
  readonly params: readonly (Named & { readonly run_id: string })[];
  readonly tags: readonly (Named & { readonly run_id: string })[];
  readonly datasets: readonly DatasetRow[];
  readonly models: readonly RunModelRow[];
}

/** Whole runs from rows that were read for all of them at once. */
export function runMessages(rows: readonly RunRow[], parts: RunParts): object[] {
  const metrics = grouped(parts.metrics);
  const params = grouped(parts.params);
  const tags = grouped(parts.tags);
  const datasets = grouped(parts.datasets);
  const models = grouped(parts.models);
  return rows.map(row => ({
    info: runInfoMessage(row),
    data: {
      metrics: (metrics.get(row.id) ?? []).map(series => ({
        key: series.key,
        value: jsonNumber(series.last_value ?? 0),
        timestamp: series.last_ms ?? 0,
        step: series.last_step ?? 0
      })),
      params: (params.get(row.id) ?? []).map(({ key, value }) => ({ key, value })),
      tags: (tags.get(row.id) ?? []).map(({ key, value }) => ({ key, value }))
    },
    inputs: {
      dataset_inputs: (datasets.get(row.id) ?? []).map(datasetMessage),
      model_inputs: (models.get(row.id) ?? []).filter(({ direction }) => direction === 'input').map(({ model_id }) => ({ model_id }))
    },
    outputs: { model_outputs: (models.get(row.id) ?? []).filter(({ direction }) => direction === 'output').map(({ model_id, step }) => ({ model_id, step })) }
  }));
}

function datasetMessage(row: DatasetRow): object {
  return {
    tags: namedOf(row.tags),
    dataset: {
      name: row.name,
      digest: row.digest,
      source_type: row.source_type,
      source: row.source,
      ...(row.schema === null ? {} : { schema: row.schema }),
      ...(row.profile === null ? {} : { profile: row.profile })
    }
  };
}

function grouped<Row extends { readonly run_id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.run_id);
    if (group === undefined) groups.set(row.run_id, [row]);
    else group.push(row);
  }
  return groups;
}

const modelStates = { pending: 'LOGGED_MODEL_PENDING', ready: 'LOGGED_MODEL_READY', failed: 'LOGGED_MODEL_UPLOAD_FAILED' } as const;

export function loggedModelMessage(row: LoggedModelRow, metrics: readonly LoggedModelMetricRow[], versions: readonly VersionRow[]): object {
  return {
    info: {
      model_id: row.id,
      experiment_id: row.experiment_id,
      name: row.name,
      creation_timestamp_ms: row.created_ms,
      last_updated_timestamp_ms: row.updated_ms,
      artifact_uri: loggedModelArtifactUri(row.experiment_id, row.id),
      status: modelStates[row.state],
      model_type: row.model_type,
      ...(row.run_id === null ? {} : { source_run_id: row.run_id }),
      tags: namedOf(row.tags),
      registrations: versions.filter(version => version.logged_model_id === row.id).map(version => ({ name: version.model, version: String(version.version) }))
    },
    data: {
      params: namedOf(row.params),
      metrics: metrics
        .filter(metric => metric.model_id === row.id)
        .map(metric => ({
          key: metric.key,
          value: jsonNumber(metric.value),
          timestamp: metric.at_ms,
          step: metric.step,
          model_id: metric.model_id,
          run_id: metric.run_id,
          ...(metric.dataset_name === '' ? {} : { dataset_name: metric.dataset_name, dataset_digest: metric.dataset_digest })
        }))
    }
  };
}

export function versionMessage(row: VersionRow, aliases: readonly AliasRow[]): object {
  return {
    name: row.model,
    version: String(row.version),
    creation_timestamp: Date.parse(row.created_at),
    last_updated_timestamp: Date.parse(row.updated_at),
    user_id: row.created_by,
    current_stage: row.stage,
    description: row.description,
    source: row.source,
    run_id: row.run_id ?? '',
    status: 'READY',
    tags: namedOf(row.tags),
    aliases: aliases.filter(alias => alias.model === row.model && alias.version === row.version).map(({ alias }) => alias),
    ...(row.logged_model_id === null ? {} : { model_id: row.logged_model_id })
  };
}

export function modelMessage(row: ModelRow, aliases: readonly AliasRow[], latest: readonly object[]): object {
  return {
    name: row.name,
    creation_timestamp: Date.parse(row.created_at),
    last_updated_timestamp: Date.parse(row.updated_at),
    user_id: row.created_by,
    description: row.description,
    latest_versions: latest,
    tags: namedOf(row.tags),
    aliases: aliases.filter(({ model }) => model === row.name).map(({ alias, version }) => ({ alias, version: String(version) }))
  };
}
