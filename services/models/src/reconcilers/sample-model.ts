import type { Reconciler, StorageQuota } from '@stratalab/kernel';
import type { ModelsPorts } from '../ports.ts';
import { tables } from '../store/tables.ts';
import { insertModel, putAlias } from '../store/model-store.ts';
import { findNewestVersion } from '../store/version-store.ts';
import { publishFiles } from '../usecases/publish-files.ts';
import { registerVersion } from '../usecases/register-version.ts';
import { putArtifact } from '../store/artifact-store.ts';

export const sampleKind = 'models-sample';
export const sampleModel = { name: 'smollm2-135m-instruct', alias: 'champion' };
const description = 'A small English chat model to try things with. It answers fluently and knows little.';
const milestone = 'sample-model';
const highestBytes = 1024 ** 3;
/** One staging folder per tenant, so that a seed that was cut goes on where it is. */
const stagingId = 'samplesmollm2135minstruct0';

/** Puts a small chat model into the sample tenant, once: it is not made again after somebody removed it. */
export function createSampleReconciler(ports: ModelsPorts, storage: StorageQuota): Reconciler {
  return {
    kind: sampleKind,
    leaseMs: 300_000,
    async reconcile({ tenant, signal, read, write }) {
      const isDone = await read(tx => tables(tx).selectFrom('models.milestone').select('name').where('tenant', '=', tenant).where('name', '=', milestone).executeTakeFirst());
      const bytes = isDone === undefined ? await ports.sampleModel?.open() : undefined;
      if (bytes === undefined || ports.sampleModel === undefined) return { isDone: true };
      const { objects, sampleModel: sample } = ports;
      const id = stagingId;
      const place = { tenant, stagingId: id };
      await objects.dropStaged(place);
      await objects.append({ ...place, name: sample.fileName, offset: 0, limitBytes: highestBytes, body: bytes, signal });
      const { files, inspection } = await publishFiles({ objects, storage, tenant }, id, signal);
      await write(async tx => {
        if ((await findNewestVersion(tx, tenant, sampleModel.name)) === undefined) {
          await insertModel(tx, { tenant, name: sampleModel.name, createdBy: 'service:models', description });
          for (const file of files) await putArtifact(tx, tenant, `versions/${id}`, file);
          const row = await registerVersion(tx, {
            tenant,
            model: sampleModel.name,
            createdBy: 'service:models',
            origin: { kind: 'sample', user: null, jobUrn: null, jobName: null, codeFileName: null, codeSha256: null, datasets: [] },
            source: `models:/${sampleModel.name}/1`,
            owner: `versions/${id}`,
            inspection,
            mayCreateModel: true
          });
          await putAlias(tx, tenant, { model: sampleModel.name, alias: sampleModel.alias, version: row.version });
        }
        await tables(tx)
          .insertInto('models.milestone')
          .values({ tenant, name: milestone })
          .onConflict(conflict => conflict.doNothing())
          .execute();
      });
      return { isDone: true };
    }
  };
}
