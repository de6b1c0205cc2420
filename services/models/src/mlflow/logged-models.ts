import { newId } from '@stratalab/kernel';
import { loggedModelArtifactUri } from '../domain/artifact-place.ts';
import { parseFilter, type Order } from '../domain/filter.ts';
import { invalidParameter, missing } from '../domain/mlflow-error.ts';
import { nameFor } from '../domain/names.ts';
import { childrenOf, readArtifacts } from '../store/artifact-store.ts';
import { offsetOf, tokenAfter } from '../store/comparison.ts';
import { findExperiment } from '../store/experiment-store.ts';
import {
  findLoggedModel,
  insertLoggedModel,
  readModelMetrics,
  searchLoggedModels,
  updateLoggedModel,
  type LoggedModelChange,
  type LoggedModelRow
} from '../store/logged-model-store.ts';
import { findVersionsOfLoggedModels } from '../store/version-store.ts';
import { ownerOfModel } from '../usecases/artifacts.ts';
import { finishLoggedModel } from '../usecases/logged-models.ts';
import { flag, items, optionalText, pageSize, text, texts, words, type Input } from './input.ts';
import { loggedModelMessage } from './messages.ts';
import type { Operation, SurfaceCall } from './operation.ts';
import { requireLivingRun } from './runs.ts';

async function create(call: SurfaceCall, input: Input): Promise<object> {
  const { tenant, nowMs } = call;
  const experimentId = text(input, 'experiment_id');
  const runId = optionalText(input, 'source_run_id');
  const id = newId();
  const row = await call.write(async tx => {
    if ((await findExperiment(tx, tenant, { id: experimentId })) === undefined) throw missing('No Experiment with id', experimentId);
    if (runId !== undefined && runId !== '') await requireLivingRun(tx, tenant, runId);
    return insertLoggedModel(tx, {
      tenant,
      id: `m-${id}`,
      experiment_id: experimentId,
      run_id: runId === undefined || runId === '' ? null : runId,
      name: (optionalText(input, 'name') || nameFor(id)).slice(0, 250),
      model_type: optionalText(input, 'model_type') ?? '',
      state: 'pending',
      staging_id: newId(),
      params: JSON.stringify(words(items(input, 'params'))),
      tags: JSON.stringify(words(items(input, 'tags'))),
      created_by: call.actor.subject,
      created_ms: nowMs,
      updated_ms: nowMs
    });
  });
  return { model: loggedModelMessage(row, [], []) };
}

async function messages(call: SurfaceCall, rows: readonly LoggedModelRow[]): Promise<object[]> {
  const ids = rows.map(({ id }) => id);
  return call.read(async tx => {
    const metrics = await readModelMetrics(tx, call.tenant, ids);
    const versions = await findVersionsOfLoggedModels(tx, call.tenant, ids);
    return rows.map(row => loggedModelMessage(row, metrics, versions));
  });
}

async function get(call: SurfaceCall, input: Input): Promise<object> {
  const id = text(input, 'model_id');
  const row = await call.read(tx => findLoggedModel(tx, call.tenant, id));
  if (row === undefined) throw missing('Logged model with ID', id);
  const [model] = await messages(call, [row]);
  return { model };
}

const ends: Readonly<Record<string, 'ready' | 'failed'>> = { LOGGED_MODEL_READY: 'ready', LOGGED_MODEL_UPLOAD_FAILED: 'failed' };

async function finalize(call: SurfaceCall, input: Input): Promise<object> {
  const status = text(input, 'status');
  const state = ends[status];
  if (state === undefined) throw invalidParameter(`Invalid model status: ${status}. Expected statuses: LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED.`);
  const row = await finishLoggedModel(call, text(input, 'model_id'), { state, nowMs: call.nowMs });
  const [model] = await messages(call, [row]);
  return { model };
}

async function change(call: SurfaceCall, input: Input, given: Omit<LoggedModelChange, 'nowMs'>): Promise<object> {
  const id = text(input, 'model_id');
  const row = await call.write(tx => updateLoggedModel(tx, call.tenant, id, { ...given, nowMs: call.nowMs }));
  if (row === undefined) throw missing('Logged model with ID', id);
  if (given.isDeleted === true) return {};
  const [model] = await messages(call, [row]);
  return { model };
}

function orderOf(input: Input): Order {
  const field = text(input, 'field_name');
  const isDescending = input['ascending'] !== undefined && !flag(input, 'ascending');
  return field.startsWith('metrics.') ? { entity: 'metric', key: field.slice('metrics.'.length), isDescending } : { entity: 'attribute', key: field, isDescending };
}

async function search(call: SurfaceCall, input: Input): Promise<object> {
  const limit = pageSize(input, 100, 1_000);
  const offset = offsetOf(optionalText(input, 'page_token'));
  const rows = await call.read(tx =>
    searchLoggedModels(tx, {
      tenant: call.tenant,
      experimentIds: texts(input, 'experiment_ids'),
      conditions: parseFilter(optionalText(input, 'filter')),
      orders: items(input, 'order_by').map(orderOf),
      offset,
      limit
    })
  );
  return { models: await messages(call, rows.slice(0, limit)), ...(rows.length > limit ? { next_page_token: tokenAfter(offset + limit) } : {}) };
}

async function listFiles(call: SurfaceCall, input: Input): Promise<object> {
  const id = text(input, 'model_id');
  const folder = optionalText(input, 'artifact_directory_path') ?? '';
  return call.read(async tx => {
    const row = await findLoggedModel(tx, call.tenant, id);
    if (row === undefined) throw missing('Logged model with ID', id);
    const entries = childrenOf(await readArtifacts(tx, call.tenant, ownerOfModel(id), folder), folder);
    return {
      root_uri: loggedModelArtifactUri(row.experiment_id, id),
      files: entries.map(entry => ({ path: entry.path, is_dir: entry.isFolder, ...(entry.sizeBytes === null ? {} : { file_size: entry.sizeBytes }) }))
    };
  });
}

export const loggedModelOperations: readonly Operation[] = [
  { method: 'POST', path: 'logged-models', permission: 'run:write', run: create },
  { method: 'POST', path: 'logged-models/search', permission: 'run:read', run: search },
  { method: 'GET', path: 'logged-models/:model_id', permission: 'run:read', run: get },
  { method: 'PATCH', path: 'logged-models/:model_id', permission: 'run:write', run: finalize },
  { method: 'DELETE', path: 'logged-models/:model_id', permission: 'run:write', audit: 'logged-model.delete', run: (call, input) => change(call, input, { isDeleted: true }) },
  { method: 'PATCH', path: 'logged-models/:model_id/tags', permission: 'run:write', run: (call, input) => change(call, input, { tags: words(items(input, 'tags')) }) },
  { method: 'DELETE', path: 'logged-models/:model_id/tags/:tag_key', permission: 'run:write', run: (call, input) => change(call, input, { removedTag: text(input, 'tag_key') }) },
  { method: 'POST', path: 'logged-models/:model_id/params', permission: 'run:write', run: (call, input) => change(call, input, { params: words(items(input, 'params')) }) },
  { method: 'GET', path: 'logged-models/:model_id/artifacts/directories', permission: 'run:read', run: listFiles }
];
