import { formatUrn, Problem } from '@stratalab/contracts';
import type { Collection, CollectionInput } from '@stratalab/contracts/agents';
import { newId, wakeAll, type Call, type Tx } from '@stratalab/kernel';
import { collectionId, describeCollection, insertCollection, readCollection, removeCollection } from '../store/collection-store.ts';
import { requeueDocuments } from '../store/document-store.ts';
import { collectionChanged } from '../store/facts.ts';

const urnOf = (collection: Collection): string => collection.urn;

/** Creates an empty collection. @throws already-exists */
export async function createCollection(call: Call, input: CollectionInput): Promise<Collection> {
  return call.commit(async tx => {
    const row = { id: newId(), tenant: call.tenant, name: input.name, description: input.description ?? '', created_by: call.actor.subject };
    if (!(await insertCollection(tx, row))) {
      throw new Problem('already-exists', { detail: `There is a collection '${input.name}' already.`, hint: 'Choose another name, or add documents to that one.' });
    }
    await collectionChanged(tx, { tenant: call.tenant, collection: input.name, subject: call.actor.subject });
    return readCollection(tx, input.name);
  }, urnOf);
}

/** Changes the description. @throws not-found */
export async function updateCollection(call: Call, name: string, change: { readonly description: string }): Promise<Collection> {
  return call.commit(async tx => {
    await describeCollection(tx, await collectionId(tx, name), change.description);
    await collectionChanged(tx, { tenant: call.tenant, collection: name, subject: call.actor.subject });
    return readCollection(tx, name);
  }, urnOf);
}

/** Deletes the collection with documents, chunks and vectors; its files follow in the background, its answers stay. @throws not-found */
export async function deleteCollection(call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      await wakeDocuments(tx, call.tenant, await removeCollection(tx, await collectionId(tx, name)));
      await collectionChanged(tx, { tenant: call.tenant, collection: name, subject: call.actor.subject, data: { isDeleted: true } });
    },
    () => formatUrn({ tenant: call.tenant, kind: 'collection', name })
  );
}

/** Sends every document back to the start; what is there stays searchable until it is replaced. @throws not-found */
export async function rebuildCollection(call: Call, name: string): Promise<Collection> {
  return call.commit(async tx => {
    await wakeDocuments(tx, call.tenant, await requeueDocuments(tx, await collectionId(tx, name)));
    await collectionChanged(tx, { tenant: call.tenant, collection: name, subject: call.actor.subject });
    return readCollection(tx, name);
  }, urnOf);
}

async function wakeDocuments(tx: Tx, tenant: string, documents: readonly string[]): Promise<void> {
  await wakeAll(
    tx,
    'document',
    documents.map(id => ({ id, tenant }))
  );
}
