import { appendEvent, newId, wake, type Tx } from '@stratalab/kernel';
import type { RunState } from '@stratalab/contracts/models';
import { parseFilter, parseOrder } from '../domain/filter.ts';
import { invalidParameter, missing, MlflowError } from '../domain/mlflow-error.ts';
import { checkKey, checkLength, longest, nameFor } from '../domain/names.ts';
import { offsetOf, tokenAfter } from '../store/comparison.ts';
import { defaultExperimentId, findExperiment } from '../store/experiment-store.ts';
import { readSeries } from '../store/metric-store.ts';
import { readParams, readRunDatasets, readRunModels, readRunTags, setRunTags } from '../store/run-data-store.ts';
import { searchRuns } from '../store/run-search.ts';
import { findRun, insertRun, updateRun, type RunChange, type RunRow } from '../store/run-store.ts';
import { edgesOfRun, recordLineage, runUrn } from '../usecases/lineage.ts';
import { fullOrigin, originKind } from '../usecases/run-origin.ts';
import { viewOf } from './experiments.ts';
import { items, optionalInteger, optionalText, pageSize, text, texts, type Input } from './input.ts';
import { runInfoMessage, runMessages } from './messages.ts';
import type { Operation, SurfaceCall } from './operation.ts';

const everything = 1_000_000;
export const runNameTag = 'mlflow.runName';

/** `run_id`, or `run_uuid` of old clients. */
export function runIdOf(input: Input): string {
  return optionalText(input, 'run_id') || optionalText(input, 'run_uuid') || text(input, 'run_id');
}

/** The run, which must be there. @throws RESOURCE_DOES_NOT_EXIST */
export async function requireRun(tx: Tx, tenant: string, id: string): Promise<RunRow> {
  const row = await findRun(tx, tenant, id);
  if (row === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${id} not found`);
  return row;
}

/** The run, which must be there and not deleted: nothing is written to a deleted one. */
export async function requireLivingRun(tx: Tx, tenant: string, id: string): Promise<RunRow> {
  const row = await requireRun(tx, tenant, id);
  if (row.is_deleted) throw invalidParameter(`The run ${id} must be in the 'active' state. Current state is deleted.`);
  return row;
}

/** Whole runs, as clients get them. */
export async function messagesOf(tx: Tx, tenant: string, rows: readonly RunRow[]): Promise<object[]> {
  const ids = rows.map(({ id }) => id);
  const [metrics, params, tags] = [await readSeries(tx, tenant, ids, everything), await readParams(tx, tenant, ids, everything), await readRunTags(tx, tenant, ids)];
  return runMessages(rows, { metrics, params, tags, datasets: await readRunDatasets(tx, tenant, ids), models: await readRunModels(tx, tenant, ids) });
}

async function announce(tx: Tx, run: RunRow, name: 'run.changed.v1' | 'run.finished.v1'): Promise<void> {
  const data = { run: run.id, experiment: run.experiment_id, state: run.state };
  await appendEvent(tx, { name, tenant: run.tenant, subject: run.created_by, urn: runUrn(run.tenant, run.id), data });
}

async function createRun(call: SurfaceCall, input: Input): Promise<object> {
  const { tenant } = call;
  const experimentId = optionalText(input, 'experiment_id') ?? defaultExperimentId;
  const tags = items(input, 'tags').map(item => ({ key: checkKey(text(item, 'key'), 'key'), value: checkLength(optionalText(item, 'value') ?? '', 'value', longest.tag) }));
  const id = newId();
  const named = optionalText(input, 'run_name') ?? tags.find(({ key }) => key === runNameTag)?.value;
  const name = named === undefined || named === '' ? nameFor(id) : checkLength(named, 'run_name', longest.tag);
  const { origin, isComplete } = await fullOrigin(call.findJob, call.actor, tenant);
  const run = await call.write(async tx => {
    const experiment = await findExperiment(tx, tenant, { id: experimentId });
    if (experiment === undefined) throw missing('No Experiment with id', experimentId);
    if (experiment.is_deleted) throw invalidParameter(`The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`);
    const created = await insertRun(tx, { tenant, id, experimentId, name, createdBy: call.actor.subject, startedMs: optionalInteger(input, 'start_time') ?? call.nowMs, origin });
    await setRunTags(tx, tenant, id, [...tags, { key: runNameTag, value: name }]);
    await recordLineage(tx, tenant, edgesOfRun(tenant, id, origin));
    if (!isComplete) await wake(tx, { kind: originKind, objectId: id, tenant });
    await announce(tx, created, 'run.changed.v1');
    return created;
  });
  const shown = [...tags.filter(({ key }) => key !== runNameTag), { key: runNameTag, value: name }];
  return { run: { info: runInfoMessage(run), data: { metrics: [], params: [], tags: shown }, inputs: {}, outputs: {} } };
}

const states: Readonly<Record<string, RunState>> = { RUNNING: 'running', SCHEDULED: 'scheduled', FINISHED: 'finished', FAILED: 'failed', KILLED: 'killed' };

function stateOf(input: Input): RunState | undefined {
  const value = optionalText(input, 'status');
  if (value === undefined) return undefined;
  const state = states[value];
  if (state === undefined) throw invalidParameter(`Invalid value '${value}' for parameter 'status' supplied.`);
  return state;
}

const isOver = (state: RunState): boolean => state !== 'running' && state !== 'scheduled';

async function update(call: SurfaceCall, input: Input): Promise<object> {
  const { tenant } = call;
  const id = runIdOf(input);
  const state = stateOf(input);
  const name = optionalText(input, 'run_name');
  const endedMs = optionalInteger(input, 'end_time') ?? (state === undefined ? undefined : isOver(state) ? call.nowMs : null);
  const run = await call.write(async tx => {
    const before = await requireLivingRun(tx, tenant, id);
    const change: RunChange = { state, endedMs, ...(name === undefined || name === '' ? {} : { name: checkLength(name, 'run_name', longest.tag) }) };
    const row = (await updateRun(tx, tenant, id, change)) ?? before;
    if (change.name !== undefined) await setRunTags(tx, tenant, id, [{ key: runNameTag, value: change.name }]);
    await announce(tx, row, isOver(row.state) && !isOver(before.state) ? 'run.finished.v1' : 'run.changed.v1');
    return row;
  });
  return { run_info: runInfoMessage(run) };
}

async function setDeleted(call: SurfaceCall, id: string, isDeleted: boolean): Promise<object> {
  await call.write(
    async tx => {
      await requireRun(tx, call.tenant, id);
      const row = await updateRun(tx, call.tenant, id, { isDeleted });
      if (row !== undefined) await announce(tx, row, 'run.changed.v1');
    },
    () => runUrn(call.tenant, id)
  );
  return {};
}

async function get(call: SurfaceCall, input: Input): Promise<object> {
  return call.read(async tx => {
    const [run] = await messagesOf(tx, call.tenant, [await requireRun(tx, call.tenant, runIdOf(input))]);
    return { run };
  });
}

async function search(call: SurfaceCall, input: Input): Promise<object> {
  const limit = pageSize(input, 1_000, 50_000);
  const offset = offsetOf(optionalText(input, 'page_token'));
  return call.read(async tx => {
    const rows = await searchRuns(tx, {
      tenant: call.tenant,
      experimentIds: texts(input, 'experiment_ids'),
      conditions: parseFilter(optionalText(input, 'filter')),
      orders: texts(input, 'order_by').map(parseOrder),
      view: viewOf(input, 'run_view_type'),
      offset,
      limit
    });
    const runs = await messagesOf(tx, call.tenant, rows.slice(0, limit));
    return { runs, ...(rows.length > limit ? { next_page_token: tokenAfter(offset + limit) } : {}) };
  });
}

export const runOperations: readonly Operation[] = [
  { method: 'POST', path: 'runs/create', permission: 'run:write', run: createRun },
  { method: 'POST', path: 'runs/update', permission: 'run:write', run: update },
  { method: 'POST', path: 'runs/delete', permission: 'run:write', audit: 'run.delete', run: (call, input) => setDeleted(call, runIdOf(input), true) },
  { method: 'POST', path: 'runs/restore', permission: 'run:write', audit: 'run.restore', run: (call, input) => setDeleted(call, runIdOf(input), false) },
  { method: 'GET', path: 'runs/get', permission: 'run:read', run: get },
  { method: 'POST', path: 'runs/search', permission: 'run:read', run: search }
];
