import { newId, wake, type Reconciler, type StorageQuota } from '@stratalab/kernel';
import type { AgentsPorts } from '../ports.ts';
import { readSampleDocuments, sampleCollection } from '../sample.ts';
import { insertCollection } from '../store/collection-store.ts';
import { insertDocument, type NewDocument } from '../store/document-store.ts';
import { collectionChanged } from '../store/facts.ts';
import { hasMilestone, reachMilestone } from '../store/milestone-store.ts';
import { documentUrn, storeContent } from '../usecases/documents.ts';

export const sampleKind = 'sample-collection';
const milestone = 'sample-collection';
const madeBy = 'stratalab';

/** Gives a sample tenant its collection, once: what somebody deletes does not come back. */
export function createSampleReconciler(ports: AgentsPorts, storage: StorageQuota): Reconciler {
  return {
    kind: sampleKind,
    async reconcile(step) {
      const { tenant } = step;
      if (await step.read(tx => hasMilestone(tx, milestone))) return { isDone: true };
      const documents: Omit<NewDocument, 'tenant' | 'collectionId' | 'uploadedBy'>[] = [];
      for (const { name, bytes } of await readSampleDocuments()) {
        const id = newId();
        await step.write(tx => wake(tx, { kind: 'document', objectId: id, tenant, delayMs: 60_000 }));
        const sizeBytes = bytes.length;
        await storage.confirm({ tenant, urn: documentUrn(tenant, id), sizeBytes });
        documents.push({ id, name, ...(await storeContent(ports.objects, { tenant, id, name, content: once(bytes), limitBytes: sizeBytes, signal: step.signal })) });
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
