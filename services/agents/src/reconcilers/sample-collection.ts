import { newId, wake, type Reconciler } from '@stratalab/kernel';
import type { AgentsPorts } from '../ports.ts';
import { readSampleDocuments, sampleCollection } from '../sample.ts';
import { insertCollection } from '../store/collection-store.ts';
import { insertDocument, type NewDocument } from '../store/document-store.ts';
import { collectionChanged } from '../store/facts.ts';
import { hasMilestone, reachMilestone } from '../store/milestone-store.ts';
import { storeContent } from '../usecases/documents.ts';

export const sampleKind = 'sample-collection';
const milestone = 'sample-collection';
const madeBy = 'stratalab';

/** Gives a sample tenant its collection, once: what somebody deletes does not come back. */
export function createSampleReconciler(ports: AgentsPorts): Reconciler {
  return {
    kind: sampleKind,
    async reconcile(step) {
      const { tenant } = step;
      if (await step.read(tx => hasMilestone(tx, milestone))) return { isDone: true };
      const documents: Omit<NewDocument, 'tenant' | 'collectionId' | 'uploadedBy'>[] = [];
      for (const { name, bytes } of await readSampleDocuments()) {
        const id = newId();
        await step.write(tx => wake(tx, { kind: 'document', objectId: id, tenant, delayMs: 60_000 }));
        documents.push({ id, name, ...(await storeContent(ports.objects, { tenant, id, name, content: once(bytes), signal: step.signal })) });
      }
      await step.write(async tx => {
        await reachMilestone(tx, tenant, milestone);
        const id = newId();
        if (!(await insertCollection(tx, { id, tenant, ...sampleCollection, created_by: madeBy }))) return;
        for (const document of documents) {
          await insertDocument(tx, { ...document, tenant, collectionId: id, uploadedBy: madeBy });
          await wake(tx, { kind: 'document', objectId: document.id, tenant });
        }
        await collectionChanged(tx, { tenant, collection: sampleCollection.name });
      });
      return { isDone: true };
    }
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
