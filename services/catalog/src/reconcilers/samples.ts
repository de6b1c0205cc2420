import type { Reconciler } from '@stratalab/kernel';
import { newId } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { lockDataset } from '../store/dataset-store.ts';
import { addVersion } from '../usecases/publish-version.ts';

/** Kind of the reconciler that fills a sample tenant; its object ids are tenants. */
export const samplesKind = 'sample-datasets';
const sampleOwner = 'stratalab';

/** Gives a sample tenant its datasets, each once: one that was deleted keeps its row and does not come back. */
export function createSamplesReconciler(context: CatalogContext): Reconciler {
  return {
    kind: samplesKind,
    async reconcile(step) {
      for (const sample of context.ports.samples.all) {
        await step.write(async tx => {
          if ((await lockDataset(tx, step.tenant, sample.name)) !== undefined) return;
          await addVersion(tx, {
            tenant: step.tenant,
            dataset: sample.name,
            contentId: newId(),
            subject: sampleOwner,
            description: sample.description,
            tags: sample.tags,
            isSample: true,
            origin: { kind: 'sample' },
            sizeBytes: sample.sizeBytes
          });
        });
      }
      return { isDone: true };
    }
  };
}
