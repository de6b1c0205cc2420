import { appendEvent, type Tx } from '@stratalab/kernel';
import { loggedModelArtifactUri, versionArtifactUri } from '../domain/artifact-place.ts';
import { parseFilter, parseOrder } from '../domain/filter.ts';
import { invalidParameter, MlflowError } from '../domain/mlflow-error.ts';
import { checkModelName } from '../domain/names.ts';
import { offsetOf, tokenAfter } from '../store/comparison.ts';
import { findLoggedModel } from '../store/logged-model-store.ts';
import { findModel, modelUrn, readAliases } from '../store/model-store.ts';
import { searchVersions } from '../store/registry-search.ts';
import { findVersion, readVersions, updateVersionRow, type VersionChanges, type VersionRow } from '../store/version-store.ts';
import { commitVersion, createVersion } from '../usecases/create-version.ts';
import { removeVersion } from '../usecases/remove-version.ts';
import { flag, items, optionalText, pageSize, text, texts, words, type Input } from './input.ts';
import { versionMessage } from './messages.ts';
import type { Operation, SurfaceCall } from './operation.ts';
import { tagOf, withoutMessage } from './registry-tags.ts';

/** The number of a version, which clients send as text. */
export function numberOf(input: Input): number {
  const value = input['version'];
  const number = typeof value === 'number' ? value : Number(text(input, 'version'));
  if (!Number.isInteger(number) || number < 1 || number > 2_147_483_647) throw invalidParameter(`Parameter 'version' must be an integer, got '${String(value)}'.`);
  return number;
}

interface Named {
  readonly model: string;
  readonly version: number;
}

const named = (input: Input): Named => ({ model: checkModelName(text(input, 'name')), version: numberOf(input) });

function missingVersion(of: Named): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Model Version (name=${of.model}, version=${of.version}) not found`);
}

async function requireVersion(tx: Tx, tenant: string, of: Named): Promise<VersionRow> {
  const row = await findVersion(tx, tenant, of.model, of.version);
  if (row === undefined) throw missingVersion(of);
  return row;
}

async function messageOf(tx: Tx, row: VersionRow): Promise<object> {
  return versionMessage(row, await readAliases(tx, row.tenant, [row.model]));
}

async function create(call: SurfaceCall, input: Input): Promise<object> {
  const request = {
    model: checkModelName(text(input, 'name')),
    source: text(input, 'source'),
    runId: optionalText(input, 'run_id') || undefined,
    loggedModelId: optionalText(input, 'model_id') || undefined,
    description: optionalText(input, 'description'),
    tags: words(items(input, 'tags')),
    mayCreateModel: false
  };
  if ((await call.read(tx => findModel(tx, call.tenant, request.model))) === undefined) {
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${request.model} not found`);
  }
  const row = await createVersion(call, request, prepared =>
    call.write(
      tx => commitVersion(tx, call.actor, call.tenant, { request, prepared }),
      created => modelUrn(call.tenant, created.model, created.version)
    )
  );
  return { model_version: versionMessage(row, []) };
}

async function get(call: SurfaceCall, input: Input): Promise<object> {
  return call.read(async tx => ({ model_version: await messageOf(tx, await requireVersion(tx, call.tenant, named(input))) }));
}

async function change(call: SurfaceCall, input: Input, changes: VersionChanges): Promise<object> {
  const of = named(input);
  return call.write(
    async tx => {
      const row = await updateVersionRow(tx, call.tenant, of, changes);
      if (row === undefined) throw missingVersion(of);
      await appendEvent(tx, { name: 'model.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, of.model), data: { ...of } });
      return { model_version: await messageOf(tx, row) };
    },
    () => modelUrn(call.tenant, of.model, of.version)
  );
}

async function remove(call: SurfaceCall, input: Input): Promise<object> {
  const of = named(input);
  await call.write(
    async tx => {
      if (!(await removeVersion(tx, call.tenant, of, call.actor.subject))) throw missingVersion(of);
    },
    () => modelUrn(call.tenant, of.model, of.version)
  );
  return {};
}

const stages = ['None', 'Staging', 'Production', 'Archived'];

/** Stages are a thin map for old clients; aliases say what is deployed. */
async function transition(call: SurfaceCall, input: Input): Promise<object> {
  const wanted = text(input, 'stage');
  const stage = stages.find(known => known.toLowerCase() === wanted.toLowerCase());
  if (stage === undefined) throw invalidParameter(`Invalid Model Version stage: ${wanted}. Value must be one of ${stages.join(', ')}.`);
  if (flag(input, 'archive_existing_versions')) {
    if (stage !== 'Staging' && stage !== 'Production')
      throw invalidParameter("Model version transition cannot archive existing model versions because the stage is neither 'Staging' nor 'Production'.");
    return archiveOthers(call, input, stage);
  }
  return change(call, input, { stage });
}

async function archiveOthers(call: SurfaceCall, input: Input, stage: string): Promise<object> {
  const of = named(input);
  return call.write(
    async tx => {
      for (const row of await readVersions(tx, call.tenant, of.model)) {
        if (row.stage === stage && row.version !== of.version) await updateVersionRow(tx, call.tenant, { model: row.model, version: row.version }, { stage: 'Archived' });
      }
      const row = await updateVersionRow(tx, call.tenant, of, { stage });
      if (row === undefined) throw missingVersion(of);
      return { model_version: await messageOf(tx, row) };
    },
    () => modelUrn(call.tenant, of.model, of.version)
  );
}

async function search(call: SurfaceCall, input: Input): Promise<object> {
  const limit = pageSize(input, 10_000, 200_000);
  const offset = offsetOf(optionalText(input, 'page_token'));
  return call.read(async tx => {
    const conditions = parseFilter(optionalText(input, 'filter'));
    const rows = await searchVersions(tx, { tenant: call.tenant, conditions, orders: texts(input, 'order_by').map(parseOrder), offset, limit });
    const page = rows.slice(0, limit);
    const aliases = await readAliases(tx, call.tenant, [...new Set(page.map(({ model }) => model))]);
    return { model_versions: page.map(row => versionMessage(row, aliases)), ...(rows.length > limit ? { next_page_token: tokenAfter(offset + limit) } : {}) };
  });
}

async function downloadUri(call: SurfaceCall, input: Input): Promise<object> {
  return call.read(async tx => {
    const row = await requireVersion(tx, call.tenant, named(input));
    const logged = row.logged_model_id === null ? undefined : await findLoggedModel(tx, call.tenant, row.logged_model_id);
    return { artifact_uri: logged === undefined ? versionArtifactUri(row.model, row.version) : loggedModelArtifactUri(logged.experiment_id, logged.id) };
  });
}

export const modelVersionOperations: readonly Operation[] = [
  { method: 'POST', path: 'model-versions/create', permission: 'model:write', audit: 'model-version.create', run: create },
  { method: 'GET', path: 'model-versions/get', permission: 'model:read', run: get },
  { method: 'GET', path: 'model-versions/search', permission: 'model:read', run: search },
  { method: 'GET', path: 'model-versions/get-download-uri', permission: 'model:read', run: downloadUri },
  {
    method: 'PATCH',
    path: 'model-versions/update',
    permission: 'model:write',
    audit: 'model-version.update',
    run: (call, input) => change(call, input, { description: optionalText(input, 'description') ?? '' })
  },
  { method: 'DELETE', path: 'model-versions/delete', permission: 'model:delete', audit: 'model-version.delete', run: remove },
  { method: 'POST', path: 'model-versions/transition-stage', permission: 'model:write', audit: 'model-version.stage', run: transition },
  {
    method: 'POST',
    path: 'model-versions/set-tag',
    permission: 'model:write',
    audit: 'model-version.update',
    run: (call, input) => withoutMessage(change(call, input, { tags: tagOf(input) }))
  },
  {
    method: 'DELETE',
    path: 'model-versions/delete-tag',
    permission: 'model:write',
    audit: 'model-version.update',
    run: (call, input) => withoutMessage(change(call, input, { removedTag: text(input, 'key') }))
  }
];
