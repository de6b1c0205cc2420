import { formatUrn } from '@stratalab/contracts';
import { appendEvent, type Tx } from '@stratalab/kernel';

export interface CollectionFact {
  readonly tenant: string;
  readonly collection: string;
  readonly subject?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Says that a collection or one of its documents changed. */
export async function collectionChanged(tx: Tx, fact: CollectionFact): Promise<void> {
  await appendCollectionEvent(tx, 'collection.changed.v1', fact);
}

/** Says that everything in a collection that could be read can be searched now. */
export async function collectionBuilt(tx: Tx, fact: CollectionFact): Promise<void> {
  await appendCollectionEvent(tx, 'collection.built.v1', fact);
}

/** Says what was made from what; the catalog keeps the graph. */
export async function lineageRecorded(tx: Tx, fact: { readonly tenant: string; readonly to: string; readonly from: readonly string[] }): Promise<void> {
  await appendEvent(tx, { name: 'lineage.recorded.v1', tenant: fact.tenant, urn: fact.to, data: { edges: fact.from.map(from => ({ from, to: fact.to })) } });
}

async function appendCollectionEvent(tx: Tx, name: 'collection.changed.v1' | 'collection.built.v1', fact: CollectionFact): Promise<void> {
  await appendEvent(tx, {
    name,
    tenant: fact.tenant,
    urn: formatUrn({ tenant: fact.tenant, kind: 'collection', name: fact.collection }),
    data: { collection: fact.collection, ...fact.data },
    ...(fact.subject === undefined ? {} : { subject: fact.subject })
  });
}
