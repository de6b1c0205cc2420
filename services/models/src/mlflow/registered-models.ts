import { appendEvent, type Tx } from '@stratalab/kernel';
import { parseFilter, parseOrder } from '../domain/filter.ts';
import { MlflowError } from '../domain/mlflow-error.ts';
import { checkAlias, checkModelName } from '../domain/names.ts';
import { offsetOf, tokenAfter } from '../store/comparison.ts';
import { dropAlias, findModel, insertModel, modelUrn, putAlias, readAliases, updateModelRow, type ModelChanges, type ModelRow } from '../store/model-store.ts';
import { searchModels } from '../store/registry-search.ts';
import { findVersion, findVersionByAlias, readVersions, type VersionRow } from '../store/version-store.ts';
import { removeModel } from '../usecases/remove-version.ts';
import { items, optionalText, pageSize, text, texts, words, type Input } from './input.ts';
import { modelMessage, versionMessage } from './messages.ts';
import type { Operation, SurfaceCall } from './operation.ts';
import { numberOf } from './model-versions.ts';
import { tagOf, withoutMessage } from './registry-tags.ts';

export function missingModel(name: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);
}

/** The newest version of each stage, as clients show a model. */
function newestPerStage(versions: readonly VersionRow[]): readonly VersionRow[] {
  const newest = new Map<string, VersionRow>();
  for (const version of versions) if (!newest.has(version.stage)) newest.set(version.stage, version);
  return [...newest.values()];
}

async function messageOf(tx: Tx, row: ModelRow): Promise<object> {
  const aliases = await readAliases(tx, row.tenant, [row.name]);
  const versions = newestPerStage(await readVersions(tx, row.tenant, row.name));
  return modelMessage(
    row,
    aliases,
    versions.map(version => versionMessage(version, aliases))
  );
}

async function announce(tx: Tx, call: SurfaceCall, name: string): Promise<void> {
  await appendEvent(tx, { name: 'model.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, name), data: { model: name } });
}

async function create(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  return call.write(
    async tx => {
      const row = await insertModel(tx, {
        tenant: call.tenant,
        name,
        createdBy: call.actor.subject,
        description: optionalText(input, 'description'),
        tags: words(items(input, 'tags'))
      });
      if (row === undefined) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`);
      await announce(tx, call, name);
      return { registered_model: await messageOf(tx, row) };
    },
    () => modelUrn(call.tenant, name)
  );
}

async function get(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  return call.read(async tx => {
    const row = await findModel(tx, call.tenant, name);
    if (row === undefined) throw missingModel(name);
    return { registered_model: await messageOf(tx, row) };
  });
}

async function search(call: SurfaceCall, input: Input): Promise<object> {
  const limit = pageSize(input, 100, 1_000);
  const offset = offsetOf(optionalText(input, 'page_token'));
  return call.read(async tx => {
    const conditions = parseFilter(optionalText(input, 'filter'));
    const rows = await searchModels(tx, { tenant: call.tenant, conditions, orders: texts(input, 'order_by').map(parseOrder), offset, limit });
    const models: object[] = [];
    for (const row of rows.slice(0, limit)) models.push(await messageOf(tx, row));
    return { registered_models: models, ...(rows.length > limit ? { next_page_token: tokenAfter(offset + limit) } : {}) };
  });
}

async function change(call: SurfaceCall, input: Input, changes: ModelChanges): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  return call.write(
    async tx => {
      if (changes.newName !== undefined && changes.newName !== name && (await findModel(tx, call.tenant, changes.newName)) !== undefined) {
        throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${changes.newName}) already exists.`);
      }
      const row = await updateModelRow(tx, call.tenant, name, changes);
      if (row === undefined) throw missingModel(name);
      await announce(tx, call, row.name);
      return { registered_model: await messageOf(tx, row) };
    },
    () => modelUrn(call.tenant, name)
  );
}

async function remove(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  await call.write(
    async tx => {
      if (!(await removeModel(tx, call.tenant, name, call.actor.subject))) throw missingModel(name);
    },
    () => modelUrn(call.tenant, name)
  );
  return {};
}

async function latest(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  const stages = texts(input, 'stages').map(stage => stage.toLowerCase());
  return call.read(async tx => {
    if ((await findModel(tx, call.tenant, name)) === undefined) throw missingModel(name);
    const aliases = await readAliases(tx, call.tenant, [name]);
    const versions = newestPerStage(await readVersions(tx, call.tenant, name)).filter(({ stage }) => stages.length === 0 || stages.includes(stage.toLowerCase()));
    return { model_versions: versions.map(version => versionMessage(version, aliases)) };
  });
}

async function setAlias(call: SurfaceCall, input: Input): Promise<object> {
  const given = { model: checkModelName(text(input, 'name')), alias: checkAlias(optionalText(input, 'alias') ?? ''), version: numberOf(input) };
  await call.write(
    async tx => {
      const row = await findVersion(tx, call.tenant, given.model, given.version);
      if (row === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Model Version (name=${given.model}, version=${given.version}) not found`);
      await putAlias(tx, call.tenant, given);
      await appendEvent(tx, { name: 'model.alias-changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, given.model), data: given });
    },
    () => modelUrn(call.tenant, given.model, given.version)
  );
  return {};
}

async function deleteAlias(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  const alias = checkAlias(optionalText(input, 'alias') ?? '');
  await call.write(
    async tx => {
      if ((await findModel(tx, call.tenant, name)) === undefined) throw missingModel(name);
      if (await dropAlias(tx, call.tenant, name, alias)) {
        await appendEvent(tx, { name: 'model.alias-changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, name), data: { model: name, alias } });
      }
    },
    () => modelUrn(call.tenant, name)
  );
  return {};
}

async function byAlias(call: SurfaceCall, input: Input): Promise<object> {
  const name = checkModelName(text(input, 'name'));
  const alias = checkAlias(optionalText(input, 'alias') ?? '');
  return call.read(async tx => {
    if ((await findModel(tx, call.tenant, name)) === undefined) throw missingModel(name);
    const row = await findVersionByAlias(tx, call.tenant, name, alias);
    if (row === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
    return { model_version: versionMessage(row, await readAliases(tx, call.tenant, [name])) };
  });
}

export const registeredModelOperations: readonly Operation[] = [
  { method: 'POST', path: 'registered-models/create', permission: 'model:write', audit: 'model.create', run: create },
  { method: 'GET', path: 'registered-models/get', permission: 'model:read', run: get },
  { method: 'GET', path: 'registered-models/search', permission: 'model:read', run: search },
  {
    method: 'PATCH',
    path: 'registered-models/update',
    permission: 'model:write',
    audit: 'model.update',
    run: (call, input) => change(call, input, { description: optionalText(input, 'description') ?? '' })
  },
  {
    method: 'POST',
    path: 'registered-models/rename',
    permission: 'model:write',
    audit: 'model.rename',
    run: (call, input) => change(call, input, { newName: checkModelName(text(input, 'new_name')) })
  },
  { method: 'DELETE', path: 'registered-models/delete', permission: 'model:delete', audit: 'model.delete', run: remove },
  { method: 'GET', path: 'registered-models/get-latest-versions', permission: 'model:read', run: latest },
  { method: 'POST', path: 'registered-models/get-latest-versions', permission: 'model:read', run: latest },
  {
    method: 'POST',
    path: 'registered-models/set-tag',
    permission: 'model:write',
    audit: 'model.update',
    run: (call, input) => withoutMessage(change(call, input, { tags: tagOf(input) }))
  },
  {
    method: 'DELETE',
    path: 'registered-models/delete-tag',
    permission: 'model:write',
    audit: 'model.update',
    run: (call, input) => withoutMessage(change(call, input, { removedTag: text(input, 'key') }))
  },
  { method: 'POST', path: 'registered-models/alias', permission: 'model:write', audit: 'model-alias.set', run: setAlias },
  { method: 'DELETE', path: 'registered-models/alias', permission: 'model:write', audit: 'model-alias.delete', run: deleteAlias },
  { method: 'GET', path: 'registered-models/alias', permission: 'model:read', run: byAlias }
];
