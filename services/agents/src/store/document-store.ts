import { formatUrn, Problem } from '@stratalab/contracts';
import type { Document, DocumentFormat, DocumentState } from '@stratalab/contracts/agents';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Updateable } from 'kysely';
import { tables, type AgentsTables } from './tables.ts';

function documents(tx: Tx) {
  return tables(tx).selectFrom('agents.document as d').innerJoin('agents.collection as c', 'c.id', 'd.collection_id').selectAll('d').select('c.name as collection');
}

/** A document with the name of its collection. */
export type DocumentRow = Awaited<ReturnType<ReturnType<typeof documents>['executeTakeFirstOrThrow']>>;

export function documentOf(row: DocumentRow): Document {
  return {
    id: row.id,
    urn: formatUrn({ tenant: row.tenant, kind: 'document', name: row.id }),
    collection: row.collection,
    name: row.name,
    format: row.format,
    title: row.title,
    state: row.state,
    problem: row.problem,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    characterCount: row.character_count,
    pageCount: row.page_count,
    chunkCount: row.chunk_count,
    embeddedChunkCount: row.embedded_count,
    uploadedBy: row.uploaded_by,
    createdAt: row.created_at,
    readyAt: row.ready_at
  };
}

export interface DocumentFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly state?: DocumentState | undefined;
}

/** Newest first. */
export async function listDocumentPage(tx: Tx, collection: string, filter: DocumentFilter): Promise<{ items: Document[]; nextCursor: string | null }> {
  const before = decodeCursor(filter.cursor, 2);
  let query = documents(tx)
    .where('d.collection_id', '=', collection)
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(filter.limit + 1);
  if (before !== undefined) query = query.where(sql<boolean>`(d.created_at, d.id) < (${before[0]}::timestamptz, ${before[1]})`);
  if (filter.state !== undefined) query = query.where('d.state', '=', filter.state);
  return pageOf(await query.execute(), filter.limit, { item: documentOf, key: row => [row.created_at, row.id] });
}

/** @throws not-found, also when the document is in another collection */
export async function readDocument(tx: Tx, collection: string, id: string): Promise<DocumentRow> {
  const row = await documents(tx).where('d.id', '=', id).where('d.collection_id', '=', collection).executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', { detail: 'There is no such document in this collection.' });
  return row;
}

/** The document whatever its collection; `undefined` when it is gone. */
export async function findDocument(tx: Tx, id: string): Promise<DocumentRow | undefined> {
  return documents(tx).where('d.id', '=', id).executeTakeFirst();
}

export async function findDocumentByName(tx: Tx, collection: string, name: string): Promise<DocumentRow | undefined> {
  return documents(tx).where('d.collection_id', '=', collection).where('d.name', '=', name).forUpdate('d').executeTakeFirst();
}

export interface NewDocument {
  readonly id: string;
  readonly tenant: string;
  readonly collectionId: string;
  readonly name: string;
  readonly format: DocumentFormat;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly uploadedBy: string;
}

export async function insertDocument(tx: Tx, document: NewDocument): Promise<void> {
  await tables(tx)
    .insertInto('agents.document')
    .values({
      id: document.id,
      tenant: document.tenant,
      collection_id: document.collectionId,
      name: document.name,
      format: document.format,
      title: document.name,
      state: 'queued',
      size_bytes: document.sizeBytes,
      sha256: document.sha256,
      uploaded_by: document.uploadedBy
    })
    .execute();
}

export async function removeDocument(tx: Tx, id: string): Promise<void> {
  await tables(tx).deleteFrom('agents.document').where('id', '=', id).execute();
}

/** Sends every document of a collection back to the start of the queue; answers their ids. */
export async function requeueDocuments(tx: Tx, collection: string): Promise<readonly string[]> {
  const rows = await tables(tx)
    .updateTable('agents.document')
    .set(eb => ({ state: 'queued', problem: null, ready_at: null, embedded_count: 0, generation: eb('generation', '+', 1) }))
    .where('collection_id', '=', collection)
    .returning('id')
    .execute();
  return rows.map(row => row.id);
}

/** Changes a document unless it was rebuilt meanwhile; answers whether it did. */
export async function updateDocument(
  tx: Tx,
  document: { readonly id: string; readonly generation: number },
  change: Updateable<AgentsTables['agents.document']>
): Promise<boolean> {
  const result = await tables(tx).updateTable('agents.document').set(change).where('id', '=', document.id).where('generation', '=', document.generation).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** How many documents of a collection are neither ready nor failed. */
export async function countUnfinished(tx: Tx, collection: string): Promise<number> {
  const row = await tables(tx)
    .selectFrom('agents.document')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('collection_id', '=', collection)
    .where('state', 'in', ['queued', 'parsing', 'embedding'])
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function listUnfinished(tx: Tx): Promise<readonly { id: string; tenant: string }[]> {
  return tables(tx).selectFrom('agents.document').select(['id', 'tenant']).where('state', 'in', ['queued', 'parsing', 'embedding']).execute();
}
