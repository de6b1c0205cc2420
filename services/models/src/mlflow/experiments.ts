import { appendEvent, newId } from '@stratalab/kernel';
import { formatUrn } from '@stratalab/contracts';
import { parseFilter, parseOrder } from '../domain/filter.ts';
import { invalidParameter, missing, MlflowError } from '../domain/mlflow-error.ts';
import { checkKey, checkLength, longest } from '../domain/names.ts';
import { offsetOf, tokenAfter } from '../store/comparison.ts';
import { deleteExperimentTag, findExperiment, insertExperiment, readExperimentTags, setExperimentTag, updateExperiment, type ExperimentRow } from '../store/experiment-store.ts';
import { searchExperiments } from '../store/registry-search.ts';
import { items, optionalText, pageSize, text, texts, words, type Input } from './input.ts';
import { experimentMessage } from './messages.ts';
import type { Operation, SurfaceCall } from './operation.ts';

const experimentUrn = (tenant: string, id: string): string => formatUrn({ tenant, kind: 'experiment', name: id });

async function require(call: SurfaceCall, by: { id: string } | { name: string }): Promise<{ experiment: object }> {
  return call.read(async tx => {
    const row = await findExperiment(tx, call.tenant, by);
    if (row === undefined)
      throw 'id' in by ? missing('No Experiment with id', by.id) : new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${by.name}'`);
    const tags = await readExperimentTags(tx, call.tenant, [row.id]);
    return { experiment: experimentMessage(row, tags.get(row.id) ?? []) };
  });
}

/** A location of the client's own is never used; the field may only be left out (D11). */
function refuseLocation(input: Input): void {
  const location = optionalText(input, 'artifact_location');
  if (location !== undefined && location !== '') {
    throw invalidParameter("Invalid value for parameter 'artifact_location' supplied: this server keeps the artifacts of an experiment itself; leave the location out.");
  }
}

async function createExperiment(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkLength(text(input, 'name'), 'name', longest.experimentName);
  refuseLocation(input);
  const tags = words(items(input, 'tags'));
  const id = newId();
  await call.write(
    async tx => {
      const row = await insertExperiment(tx, { tenant: call.tenant, id, name, createdBy: call.actor.subject });
      if (row === undefined) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Experiment(name=${name}) already exists.`);
      for (const [key, value] of Object.entries(tags)) await setExperimentTag(tx, { tenant: call.tenant, experimentId: id, key: checkKey(key, 'key'), value });
      await appendEvent(tx, { name: 'experiment.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: experimentUrn(call.tenant, id), data: { change: 'created' } });
    },
    () => experimentUrn(call.tenant, id)
  );
  return { experiment_id: id };
}

const views = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: 'all' } as const;

/** Which life cycle stages a search shows. @throws INVALID_PARAMETER_VALUE */
export function viewOf(input: Input, name: string): 'active' | 'deleted' | 'all' {
  const value = optionalText(input, name) ?? 'ACTIVE_ONLY';
  const view = Object.entries(views).find(([known]) => known === value)?.[1];
  if (view === undefined) throw invalidParameter(`Invalid value '${value}' for parameter '${name}' supplied.`);
  return view;
}

async function search(call: SurfaceCall, input: Input): Promise<object> {
  const limit = pageSize(input, 1_000, 50_000);
  const offset = offsetOf(optionalText(input, 'page_token'));
  return call.read(async tx => {
    const rows = await searchExperiments(tx, {
      tenant: call.tenant,
      conditions: parseFilter(optionalText(input, 'filter')),
      orders: texts(input, 'order_by').map(parseOrder),
      view: viewOf(input, 'view_type'),
      offset,
      limit
    });
    const page = rows.slice(0, limit);
    const tags = await readExperimentTags(
      tx,
      call.tenant,
      page.map(({ id }) => id)
    );
    return { experiments: page.map(row => experimentMessage(row, tags.get(row.id) ?? [])), ...(rows.length > limit ? { next_page_token: tokenAfter(offset + limit) } : {}) };
  });
}

/** Changes one experiment and tells screens. */
async function change(call: SurfaceCall, id: string, given: { name?: string; isDeleted?: boolean }): Promise<object> {
  await call.write(
    async tx => {
      const row: ExperimentRow | undefined = await findExperiment(tx, call.tenant, { id });
      if (row === undefined) throw missing('No Experiment with id', id);
      if (given.name !== undefined) {
        const other = await findExperiment(tx, call.tenant, { name: given.name });
        if (other !== undefined && other.id !== id) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Experiment(name=${given.name}) already exists.`);
      }
      await updateExperiment(tx, call.tenant, { id, ...given });
      await appendEvent(tx, { name: 'experiment.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: experimentUrn(call.tenant, id), data: { change: 'updated' } });
    },
    () => experimentUrn(call.tenant, id)
  );
  return {};
}

async function setTag(call: SurfaceCall, input: Input): Promise<object> {
  const tag = {
    experimentId: text(input, 'experiment_id'),
    key: checkKey(text(input, 'key'), 'key'),
    value: checkLength(optionalText(input, 'value') ?? '', 'value', longest.experimentTag)
  };
  await call.write(async tx => {
    if ((await findExperiment(tx, call.tenant, { id: tag.experimentId })) === undefined) throw missing('No Experiment with id', tag.experimentId);
    await setExperimentTag(tx, { tenant: call.tenant, ...tag });
  });
  return {};
}

async function deleteTag(call: SurfaceCall, input: Input): Promise<object> {
  const tag = { tenant: call.tenant, experimentId: text(input, 'experiment_id'), key: text(input, 'key') };
  await call.write(async tx => {
    if (!(await deleteExperimentTag(tx, tag))) throw missing('No experiment tag with key', tag.key);
  });
  return {};
}

export const experimentOperations: readonly Operation[] = [
  { method: 'POST', path: 'experiments/create', permission: 'run:write', audit: 'experiment.create', run: createExperiment },
  { method: 'GET', path: 'experiments/get', permission: 'run:read', run: (call, input) => require(call, { id: text(input, 'experiment_id') }) },
  { method: 'GET', path: 'experiments/get-by-name', permission: 'run:read', run: (call, input) => require(call, { name: text(input, 'experiment_name') }) },
  { method: 'POST', path: 'experiments/search', permission: 'run:read', run: search },
  { method: 'GET', path: 'experiments/search', permission: 'run:read', run: search },
  {
    method: 'POST',
    path: 'experiments/delete',
    permission: 'run:write',
    audit: 'experiment.delete',
    run: (call, input) => change(call, text(input, 'experiment_id'), { isDeleted: true })
  },
  {
    method: 'POST',
    path: 'experiments/restore',
    permission: 'run:write',
    audit: 'experiment.restore',
    run: (call, input) => change(call, text(input, 'experiment_id'), { isDeleted: false })
  },
  {
    method: 'POST',
    path: 'experiments/update',
    permission: 'run:write',
    audit: 'experiment.update',
    run: (call, input) => change(call, text(input, 'experiment_id'), { name: checkLength(text(input, 'new_name'), 'new_name', longest.experimentName) })
  },
  { method: 'POST', path: 'experiments/set-experiment-tag', permission: 'run:write', run: setTag },
  { method: 'POST', path: 'experiments/delete-experiment-tag', permission: 'run:write', run: deleteTag }
];
