import { parseUrn } from '@stratalab/contracts';
import type { PublishedModel } from '@stratalab/contracts/models';
import { appendEvent, wake, type Call, type StorageQuota, type Tx } from '@stratalab/kernel';
import type { ModelsPorts } from '../ports.ts';
import { versionKey } from '../domain/stored-files.ts';
import { noteRemovals, putArtifact } from '../store/artifact-store.ts';
import { removalKind } from './artifacts.ts';
import { modelUrn, putAlias } from '../store/model-store.ts';
import { findVersionOfOutput, type VersionRow } from '../store/version-store.ts';
import { withJob, type FindJob } from './origin.ts';
import { publishFiles } from './publish-files.ts';
import { registerVersion } from './register-version.ts';
import { reserveRoom, type StorageParts } from './storage.ts';

export interface ModelOutput {
  readonly model: string;
  readonly producerUrn: string;
  readonly output: string;
  readonly stagingId: string;
  readonly inputs: readonly string[];
  readonly alias?: string | undefined;
}

/**
 * Registers what a producer left in its staging folder. Exactly once per (tenant, producer, output) (P4): a repeated call, also after a crash
 * between the publication of the bytes and the registration, answers the one version.
 * @throws quota-exceeded, then the files stay where they are; invalid-input when they are no model
 */
export async function publishOutput(parts: { ports: ModelsPorts; findJob: FindJob; storage: StorageQuota }, call: Call, output: ModelOutput): Promise<PublishedModel> {
  const { tenant } = call;
  const before = await call.read(tx => findVersionOfOutput(tx, tenant, output.producerUrn, output.output));
  const published = before === undefined ? await publishStaged({ objects: parts.ports.objects, storage: parts.storage, tenant }, call, output.stagingId) : undefined;
  const origin = before === undefined ? await originOfProducer(parts.findJob, call, output) : undefined;
  return call.commit(
    async tx => {
      const known = before ?? (await findVersionOfOutput(tx, tenant, output.producerUrn, output.output));
      const owner = `versions/${output.stagingId}`;
      if (known !== undefined || published === undefined || origin === undefined) {
        if (published !== undefined && known?.owner !== owner) await removeLater(tx, tenant, versionKey(output.stagingId));
        return answerOf(tenant, output, known);
      }
      for (const file of published.files) await putArtifact(tx, tenant, owner, file);
      const createdBy = call.actor.onBehalfOf ?? call.actor.subject;
      const row = await registerVersion(tx, {
        tenant,
        model: output.model,
        createdBy,
        origin,
        source: `models:/${output.model}`,
        owner,
        inspection: published.inspection,
        producer: { urn: output.producerUrn, output: output.output, inputs: output.inputs },
        mayCreateModel: true
      });
      if (output.alias !== undefined) {
        await putAlias(tx, tenant, { model: output.model, alias: output.alias, version: row.version });
        await appendEvent(tx, {
          name: 'model.alias-changed.v1',
          tenant,
          subject: createdBy,
          urn: modelUrn(tenant, output.model),
          data: { model: output.model, alias: output.alias, version: row.version }
        });
      }
      return answerOf(tenant, output, row);
    },
    answer => answer.urn
  );
}

async function publishStaged(parts: StorageParts, call: Call, stagingId: string) {
  const { objects, tenant } = parts;
  const key = versionKey(stagingId);
  const files = (await objects.listStaged({ tenant, stagingId })) ?? (await objects.list({ tenant, key })) ?? [];
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  await reserveRoom({ ...parts, actor: call.actor }, key, sizeBytes);
  return publishFiles(parts, stagingId, call.signal);
}

/** Another try of the same output was first: what this one published is not needed. */
async function removeLater(tx: Tx, tenant: string, key: string): Promise<void> {
  await noteRemovals(tx, tenant, [key]);
  await wake(tx, { kind: removalKind, objectId: tenant, tenant });
}

function answerOf(tenant: string, output: ModelOutput, row: VersionRow | undefined): PublishedModel {
  if (row === undefined) throw new Error(`Output ${output.output} of ${output.producerUrn} was neither known nor published.`);
  return { name: row.model, version: row.version, urn: modelUrn(tenant, row.model, row.version) };
}

async function originOfProducer(findJob: FindJob, call: Call, output: ModelOutput) {
  const producer = parseUrn(output.producerUrn);
  const isJob = producer?.kind === 'job';
  const origin = {
    kind: 'job' as const,
    user: call.actor.onBehalfOf ?? null,
    jobUrn: isJob ? output.producerUrn : null,
    jobName: null,
    codeFileName: null,
    codeSha256: null,
    datasets: output.inputs.filter(urn => parseUrn(urn)?.kind === 'dataset')
  };
  return isJob ? withJob(origin, await findJob(call.tenant, producer.name)) : origin;
}
