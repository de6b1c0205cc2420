import { Problem } from '@stratalab/contracts';
import type { Origin } from '@stratalab/contracts/models';
import { appendEvent, newId, type Tx } from '@stratalab/kernel';
import { modelUrn, takeVersionNumber, insertModel } from '../store/model-store.ts';
import { insertVersion, type VersionRow } from '../store/version-store.ts';
import type { Inspection } from './inspect-files.ts';
import { recordLineage, runUrn } from './lineage.ts';

export interface NewVersion {
  readonly tenant: string;
  readonly model: string;
  readonly createdBy: string;
  readonly origin: Origin;
  /** URI that MLflow clients are shown. */
  readonly source: string;
  /** `versions/<id>` or `logged-models/<id>`: where the files are, below `models/`. */
  readonly owner: string;
  readonly inspection: Inspection;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly runId?: string | undefined;
  readonly loggedModelId?: string | undefined;
  readonly producer?: { readonly urn: string; readonly output: string; readonly inputs: readonly string[] };
  /** Creates the model when there is none; else an unknown model is refused. */
  readonly mayCreateModel: boolean;
}

/**
 * Adds the next version of a model, with its event and its lineage, in the caller's transaction.
 * @throws not-found for an unknown model
 */
export async function registerVersion(tx: Tx, given: NewVersion): Promise<VersionRow> {
  if (given.mayCreateModel) await insertModel(tx, { tenant: given.tenant, name: given.model, createdBy: given.createdBy });
  const version = await takeVersionNumber(tx, given.tenant, given.model);
  if (version === undefined) throw new Problem('not-found', { detail: `There is no model '${given.model}'.` });
  const { inspection } = given;
  const row = await insertVersion(tx, {
    tenant: given.tenant,
    model: given.model,
    version,
    id: newId(),
    description: given.description ?? '',
    tags: JSON.stringify(given.tags ?? {}),
    source: given.source,
    owner: given.owner,
    run_id: given.runId ?? null,
    logged_model_id: given.loggedModelId ?? null,
    format: inspection.format,
    entry_file: inspection.entryFile,
    size_bytes: inspection.sizeBytes,
    file_count: inspection.fileCount,
    sha256: inspection.sha256,
    facts: JSON.stringify(inspection.facts),
    signature: inspection.signature === null ? null : JSON.stringify(inspection.signature),
    warnings: JSON.stringify(inspection.warnings),
    quarantine_reason: inspection.quarantineReason,
    approval: null,
    origin: JSON.stringify(given.origin),
    producer_urn: given.producer?.urn ?? null,
    output: given.producer?.output ?? null,
    created_by: given.createdBy
  });
  const urn = modelUrn(given.tenant, given.model, version);
  await appendEvent(tx, { name: 'model.version-registered.v1', tenant: given.tenant, subject: given.createdBy, urn, data: { model: given.model, version } });
  await recordLineage(tx, given.tenant, edgesOfVersion(given, urn));
  return row;
}

/** A run stands for its job and data; without one, the producer and its inputs lead to the version directly. */
function edgesOfVersion(given: NewVersion, to: string): readonly { from: string; to: string }[] {
  if (given.runId !== undefined) return [{ from: runUrn(given.tenant, given.runId), to }];
  const from = given.producer === undefined ? [given.origin.jobUrn, ...given.origin.datasets] : [given.producer.urn, ...given.producer.inputs];
  return [...new Set(from)].flatMap(urn => (urn === null ? [] : [{ from: urn, to }]));
}
