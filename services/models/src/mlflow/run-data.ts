import type { Tx } from '@stratalab/kernel';
import { datasetOfSource } from '../domain/dataset-source.ts';
import type { Metric } from '../domain/metric.ts';
import { invalidParameter, MlflowError } from '../domain/mlflow-error.ts';
import { checkKey, checkLength, longest } from '../domain/names.ts';
import { appendMetrics, readHistory } from '../store/metric-store.ts';
import { offsetOf, tokenAfter } from '../store/comparison.ts';
import { deleteRunTag, insertParams, insertRunDatasets, insertRunModels, setRunTags, type DatasetRow, type Named } from '../store/run-data-store.ts';
import { updateRun, type RunRow } from '../store/run-store.ts';
import { recordLineage, runUrn } from '../usecases/lineage.ts';
import { inputOf, items, number, optionalInteger, optionalItem, optionalText, text, words, type Input } from './input.ts';
import { jsonNumber } from './messages.ts';
import type { Operation, SurfaceCall } from './operation.ts';
import { requireLivingRun, requireRun, runIdOf, runNameTag } from './runs.ts';

const limits = { metrics: 1_000, params: 100, tags: 100, entities: 1_000, bytes: 1_000_000, history: 250_000 } as const;

function metricOf(input: Input): Metric {
  return {
    key: checkKey(text(input, 'key'), 'key'),
    value: number(input, 'value'),
    atMs: optionalInteger(input, 'timestamp') ?? 0,
    step: optionalInteger(input, 'step') ?? 0,
    modelId: nonEmpty(optionalText(input, 'model_id')),
    datasetName: nonEmpty(optionalText(input, 'dataset_name')),
    datasetDigest: nonEmpty(optionalText(input, 'dataset_digest'))
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function namedOf(input: Input, limit: number): Named {
  const value = optionalText(input, 'value');
  return { key: checkKey(text(input, 'key'), 'key'), value: checkLength(value ?? '', 'value', limit) };
}

/** One change of a living run's data; screens hear of it soon. */
async function write(call: SurfaceCall, runId: string, work: (tx: Tx, run: RunRow) => Promise<void>): Promise<object> {
  const run = await call.write(async tx => {
    const row = await requireLivingRun(tx, call.tenant, runId);
    await work(tx, row);
    return row;
  });
  call.announce({ tenant: call.tenant, runId: run.id, experimentId: run.experiment_id, state: run.state });
  return {};
}

async function addParams(tx: Tx, run: RunRow, params: readonly Named[]): Promise<void> {
  const [changed] = await insertParams(tx, run.tenant, run.id, params);
  if (changed === undefined) return;
  throw invalidParameter(
    `Changing param values is not allowed. Param with key='${changed.key}' was already logged with value='${changed.before.slice(0, 250)}' for run ID='${run.id}'. Attempted logging new value '${changed.value.slice(0, 250)}'.`
  );
}

async function putTags(tx: Tx, run: RunRow, tags: readonly Named[]): Promise<void> {
  await setRunTags(tx, run.tenant, run.id, tags);
  const name = tags.findLast(({ key }) => key === runNameTag)?.value;
  if (name !== undefined && name !== '') await updateRun(tx, run.tenant, run.id, { name });
}

function assertFits(what: 'metrics' | 'params' | 'tags' | 'entities', count: number): void {
  if (count <= limits[what]) return;
  throw invalidParameter(
    `A batch logging request can contain at most ${limits[what]} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`
  );
}

async function logBatch(call: SurfaceCall, input: Input): Promise<object> {
  const [metrics, params, tags] = [items(input, 'metrics'), items(input, 'params'), items(input, 'tags')];
  assertFits('metrics', metrics.length);
  assertFits('params', params.length);
  assertFits('tags', tags.length);
  assertFits('entities', metrics.length + params.length + tags.length);
  const values = metrics.map(metricOf);
  const named = { params: params.map(item => namedOf(item, longest.param)), tags: tags.map(item => namedOf(item, longest.tag)) };
  if (new Set(named.params.map(({ key }) => key)).size < named.params.length) {
    const pairs = new Map<string, string>();
    for (const { key, value } of named.params) {
      if ((pairs.get(key) ?? value) !== value)
        throw invalidParameter(`Duplicate parameter keys have been submitted: '${key}'. Please ensure the request contains only one param value per param key.`);
      pairs.set(key, value);
    }
  }
  return write(call, runIdOf(input), async (tx, run) => {
    await addParams(tx, run, named.params);
    await putTags(tx, run, named.tags);
    await appendMetrics(tx, call.tenant, run.id, values);
  });
}

async function history(call: SurfaceCall, input: Input): Promise<object> {
  const runId = runIdOf(input);
  const key = text(input, 'metric_key');
  const offset = offsetOf(optionalText(input, 'page_token'));
  const limit = Math.min(optionalInteger(input, 'max_results') ?? limits.history, limits.history);
  return call.read(async tx => {
    await requireRun(tx, call.tenant, runId);
    const rows = await readHistory(tx, { tenant: call.tenant, runId, key }, { offset, limit: limit + 1 });
    const metrics = rows.slice(0, limit).map(row => ({ key, value: jsonNumber(row.value), timestamp: row.at_ms, step: row.step }));
    return { metrics, ...(rows.length > limit ? { next_page_token: tokenAfter(offset + limit) } : {}) };
  });
}

function datasetOf(call: SurfaceCall, runId: string, input: Input): DatasetRow {
  const dataset = optionalItem(input, 'dataset') ?? {};
  const source = checkLength(text(dataset, 'source'), 'source', 65_535);
  return {
    run_id: runId,
    name: checkLength(text(dataset, 'name'), 'name', 500),
    digest: checkLength(text(dataset, 'digest'), 'digest', 36),
    source_type: checkLength(text(dataset, 'source_type'), 'source_type', 500),
    source,
    schema: optionalText(dataset, 'schema') ?? null,
    profile: optionalText(dataset, 'profile') ?? null,
    tags: words(items(input, 'tags')),
    urn: datasetOfSource(call.tenant, source) ?? null
  };
}

async function logInputs(call: SurfaceCall, input: Input): Promise<object> {
  const runId = runIdOf(input);
  const datasets = items(input, 'datasets').map(item => datasetOf(call, runId, item));
  const models = items(input, 'models').map(item => ({ run_id: runId, model_id: text(item, 'model_id'), direction: 'input' as const, step: 0 }));
  return write(call, runId, async (tx, run) => {
    await insertRunDatasets(tx, call.tenant, datasets);
    await insertRunModels(tx, call.tenant, models);
    await recordLineage(
      tx,
      call.tenant,
      datasets.flatMap(({ urn }) => (urn === null ? [] : [{ from: urn, to: runUrn(call.tenant, run.id) }]))
    );
  });
}

async function logOutputs(call: SurfaceCall, input: Input): Promise<object> {
  const runId = runIdOf(input);
  const rows = items(input, 'models').map(item => ({ run_id: runId, model_id: text(item, 'model_id'), direction: 'output' as const, step: optionalInteger(item, 'step') ?? 0 }));
  return write(call, runId, tx => insertRunModels(tx, call.tenant, rows));
}

/** What 2.x clients call after they logged a model: kept as the tag that they read back. */
async function logModel(call: SurfaceCall, input: Input): Promise<object> {
  const document = text(input, 'model_json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Malformed model info. \n ${document.slice(0, 100)} \n is not a valid JSON.`);
  }
  inputOf(parsed);
  return write(call, runIdOf(input), (tx, run) =>
    setRunTags(tx, call.tenant, run.id, [{ key: 'mlflow.log-model.history', value: JSON.stringify([parsed]).slice(0, longest.tag) }])
  );
}

async function removeTag(call: SurfaceCall, input: Input): Promise<object> {
  const key = text(input, 'key');
  return write(call, runIdOf(input), async (tx, run) => {
    if (!(await deleteRunTag(tx, call.tenant, run.id, key))) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${run.id}`);
  });
}

const largeBodyBytes = 20 * 1024 * 1024;

export const runDataOperations: readonly Operation[] = [
  {
    method: 'POST',
    path: 'runs/log-metric',
    permission: 'run:write',
    run: (call, input) => write(call, runIdOf(input), (tx, run) => appendMetrics(tx, call.tenant, run.id, [metricOf(input)]))
  },
  {
    method: 'POST',
    path: 'runs/log-parameter',
    permission: 'run:write',
    run: (call, input) => write(call, runIdOf(input), (tx, run) => addParams(tx, run, [namedOf(input, longest.param)]))
  },
  {
    method: 'POST',
    path: 'runs/set-tag',
    permission: 'run:write',
    run: (call, input) => write(call, runIdOf(input), (tx, run) => putTags(tx, run, [namedOf(input, longest.tag)]))
  },
  { method: 'POST', path: 'runs/delete-tag', permission: 'run:write', run: removeTag },
  { method: 'POST', path: 'runs/log-batch', permission: 'run:write', bodyLimitBytes: limits.bytes, run: logBatch },
  { method: 'POST', path: 'runs/log-inputs', permission: 'run:write', bodyLimitBytes: largeBodyBytes, run: logInputs },
  { method: 'POST', path: 'runs/outputs', permission: 'run:write', run: logOutputs },
  { method: 'POST', path: 'runs/log-model', permission: 'run:write', run: logModel },
  { method: 'GET', path: 'metrics/get-history', permission: 'run:read', run: history }
];
