import { Problem } from '@stratalab/contracts';
import type { Model, ModelVersion, ResolvedModelVersion } from '@stratalab/contracts/models';
import { appendEvent, type Call, type Tx } from '@stratalab/kernel';
import type { ModelsPorts } from '../ports.ts';
import { dropAlias, findModel, listModelPage, modelUrn, putAlias, updateModelRow } from '../store/model-store.ts';
import { findNewestVersion, findVersion, findVersionByAlias, isQuarantined, updateVersionRow, versionsOf, type VersionChanges, type VersionRow } from '../store/version-store.ts';
import { removeModel, removeVersion } from './remove-version.ts';

interface Of {
  readonly model: string;
  readonly version: number;
}

/** The model as the contract shows it. @throws not-found */
export async function requireModel(tx: Tx, tenant: string, name: string): Promise<Model> {
  const [model] = (await listModelPage(tx, tenant, { limit: 1, name })).items;
  if (model === undefined) throw new Problem('not-found', { detail: `There is no model '${name}'.` });
  return model;
}

async function requireRow(tx: Tx, tenant: string, of: Of): Promise<VersionRow> {
  const row = await findVersion(tx, tenant, of.model, of.version);
  if (row === undefined) throw new Problem('not-found', { detail: `There is no version ${of.version} of '${of.model}'.` });
  return row;
}

/** The version as the contract shows it. @throws not-found */
export async function requireVersion(tx: Tx, tenant: string, of: Of): Promise<ModelVersion> {
  const [version] = await versionsOf(tx, tenant, [await requireRow(tx, tenant, of)]);
  if (version === undefined) throw new Error('A version that was just read is not there.');
  return version;
}

async function announce(tx: Tx, call: Call, data: { readonly model: string } & Readonly<Record<string, unknown>>): Promise<void> {
  await appendEvent(tx, { name: 'model.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, data.model), data });
}

export async function updateModel(call: Call, name: string, description: string | undefined): Promise<Model> {
  return call.commit(
    async tx => {
      await updateModelRow(tx, call.tenant, name, { description });
      await announce(tx, call, { model: name });
      return requireModel(tx, call.tenant, name);
    },
    model => model.urn
  );
}

export async function deleteModel(call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      if (!(await removeModel(tx, call.tenant, name, call.actor.subject))) throw new Problem('not-found');
    },
    () => modelUrn(call.tenant, name)
  );
}

async function changeVersion(call: Call, of: Of, changes: VersionChanges): Promise<ModelVersion> {
  return call.commit(
    async tx => {
      const before = await requireRow(tx, call.tenant, of);
      if (changes.approval !== undefined && !isQuarantined(before)) throw new Problem('invalid-state', { detail: 'This version is not quarantined.' });
      await updateVersionRow(tx, call.tenant, of, changes);
      await announce(tx, call, { ...of });
      return requireVersion(tx, call.tenant, of);
    },
    version => version.urn
  );
}

export async function updateVersion(call: Call, of: Of, description: string | undefined): Promise<ModelVersion> {
  return changeVersion(call, of, { description });
}

/** Vouches for a quarantined version, by name and with a reason that stays with it. @throws invalid-state when it is not quarantined */
export async function approveVersion(call: Call, of: Of, approval: { reason: string; at: string }): Promise<ModelVersion> {
  return changeVersion(call, of, { approval: { by: call.actor.subject, ...approval } });
}

export async function deleteVersion(call: Call, of: Of): Promise<void> {
  await call.commit(
    async tx => {
      if (!(await removeVersion(tx, call.tenant, of, call.actor.subject))) throw new Problem('not-found');
    },
    () => modelUrn(call.tenant, of.model, of.version)
  );
}

/** Points an alias at a version; rollback is pointing it back. @throws not-found */
export async function setAlias(call: Call, given: Of & { readonly alias: string }): Promise<Model> {
  return call.commit(
    async tx => {
      await requireRow(tx, call.tenant, given);
      await putAlias(tx, call.tenant, given);
      const data = { model: given.model, alias: given.alias, version: given.version };
      await appendEvent(tx, { name: 'model.alias-changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, given.model), data });
      return requireModel(tx, call.tenant, given.model);
    },
    model => model.urn
  );
}

/** Removes an alias. @throws not-found when the model has none of that name */
export async function deleteAlias(call: Call, given: { readonly model: string; readonly alias: string }): Promise<void> {
  await call.commit(
    async tx => {
      if (!(await dropAlias(tx, call.tenant, given.model, given.alias))) throw new Problem('not-found');
      await appendEvent(tx, { name: 'model.alias-changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: modelUrn(call.tenant, given.model), data: given });
    },
    () => modelUrn(call.tenant, given.model)
  );
}

/** Where the files of a version lie, for the services that load them. @throws not-found */
export async function resolveVersion(
  ports: ModelsPorts,
  call: Call,
  wanted: { name: string; version?: number | undefined; alias?: string | undefined }
): Promise<ResolvedModelVersion> {
  const { tenant } = call;
  const row = await call.read(async tx => {
    if ((await findModel(tx, tenant, wanted.name)) === undefined) return undefined;
    if (wanted.version !== undefined) return findVersion(tx, tenant, wanted.name, wanted.version);
    return wanted.alias === undefined ? findNewestVersion(tx, tenant, wanted.name) : findVersionByAlias(tx, tenant, wanted.name, wanted.alias);
  });
  if (row === undefined) {
    const which = wanted.version === undefined ? (wanted.alias === undefined ? '' : ` with the alias '${wanted.alias}'`) : ` ${wanted.version}`;
    throw new Problem('not-found', { detail: `There is no version${which} of the model '${wanted.name}'.` });
  }
  return {
    name: row.model,
    version: row.version,
    urn: modelUrn(tenant, row.model, row.version),
    path: await ports.objects.materialize({ tenant, key: `models/${row.owner}` }),
    format: row.format,
    entryFile: row.entry_file,
    sizeBytes: row.size_bytes,
    isQuarantined: isQuarantined(row)
  };
}
