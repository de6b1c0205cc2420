import { Problem, type BodyOf } from '@stratalab/contracts';
import type { catalogRoutes, VersionReference } from '@stratalab/contracts/catalog';
import { appendEvent, type Call, type Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import type { CatalogContext } from '../context.ts';
import { contentKey } from '../domain/dataset.ts';
import { outputContentId } from '../domain/output-id.ts';
import { findByContent, referenceOf } from '../store/version-store.ts';
import { inspectContent } from './inspect-content.ts';
import { personOf } from './find-version.ts';
import { addVersion } from './publish-version.ts';
import { reserveStorage } from './storage-quota.ts';

/**
 * Publishes what a job or pipeline run staged, by a rename. Exactly once per producer and output: every further call, at the same time or
 * after a crash at any point, answers the version of the first.
 * @throws not-found when the staged files are gone; quota-exceeded, unsupported-format, invalid-input
 */
export async function publishOutput(context: CatalogContext, call: Call, body: BodyOf<typeof catalogRoutes.publishOutput>): Promise<VersionReference> {
  const { store } = context.ports;
  const { tenant } = call;
  const contentId = outputContentId(tenant, body.producerUrn, body.output);
  const known = await call.read(tx => findByContent(tx, contentId));
  if (known !== undefined) return call.commit(async () => referenceOf(known));
  const content = { tenant, contentId, stagingId: body.stagingId };
  const { format, sizeBytes } = await inspectContent(store, content);
  await reserveStorage(context, { tenant, dataset: body.dataset, contentId, sizeBytes }, personOf(call));
  const files = await store.publish({ ...content, key: contentKey(contentId) });
  return call.commit(
    async tx => {
      await queueUp(tx, contentId);
      const first = await findByContent(tx, contentId);
      if (first !== undefined) return referenceOf(first);
      const version = await addVersion(tx, {
        tenant,
        dataset: body.dataset,
        contentId,
        subject: personOf(call),
        description: body.description,
        origin: { kind: 'output', producerUrn: body.producerUrn, output: body.output },
        published: { format, files },
        sizeBytes
      });
      const reference = referenceOf(version);
      await recordOrigin(tx, { tenant, urn: reference.urn, producerUrn: body.producerUrn, inputs: body.inputs });
      return reference;
    },
    version => version.urn
  );
}

/** Two tries of one output wait for each other here. */
async function queueUp(tx: Tx, contentId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`catalog-output:${contentId}`}, 0))`.execute(tx);
}

async function recordOrigin(tx: Tx, origin: { readonly tenant: string; readonly urn: string; readonly producerUrn: string; readonly inputs: readonly string[] }): Promise<void> {
  const { tenant, urn, producerUrn, inputs } = origin;
  const foreign = [producerUrn, ...inputs].find(other => !other.startsWith(`urn:strata:${tenant}:`));
  if (foreign !== undefined) throw new Problem('invalid-request', { detail: `‘${foreign}’ is not an object of this tenant.` });
  await appendEvent(tx, {
    name: 'lineage.recorded.v1',
    tenant,
    urn,
    data: { edges: [...inputs.map(input => ({ from: input, to: producerUrn })), { from: producerUrn, to: urn }] }
  });
}
