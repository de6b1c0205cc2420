import { Problem } from '@stratalab/contracts';
import type { Call } from '@stratalab/kernel';
import { findDataset } from '../store/dataset-store.ts';
import type { DatasetRow, VersionRow } from '../store/tables.ts';
import { findVersion } from '../store/version-store.ts';

/** The person a call acts for. */
export function personOf(call: Call): string {
  return call.actor.onBehalfOf ?? call.actor.subject;
}

/** @throws not-found */
export async function requireDataset(call: Call, name: string): Promise<DatasetRow> {
  const row = await call.read(tx => findDataset(tx, call.tenant, name));
  if (row === undefined) throw new Problem('not-found', { detail: `There is no dataset ‘${name}’ here.` });
  return row;
}

/** @throws not-found */
export async function requireVersion(call: Call, dataset: string, version: string): Promise<VersionRow> {
  const row = await call.read(tx => findVersion(tx, { tenant: call.tenant, dataset, version }));
  if (row === undefined)
    throw new Problem('not-found', {
      detail: version === 'latest' ? `There is no dataset ‘${dataset}’ with a version here.` : `There is no version ${version} of a dataset ‘${dataset}’ here.`
    });
  return row;
}

/** A version whose rows can be read. @throws not-found; invalid-state while it is prepared, or when it failed */
export async function requireReady(call: Call, dataset: string, version: string): Promise<VersionRow> {
  const row = await requireVersion(call, dataset, version);
  if (row.state === 'ready') return row;
  throw new Problem('invalid-state', {
    detail: row.state === 'failed' ? `Version ${row.version} could not be read: ${row.state_message ?? ''}` : `Version ${row.version} is still being prepared.`,
    hint: row.state === 'failed' ? 'Publish a corrected version.' : 'Try again in a moment.'
  });
}
