import { formatUrn, Problem } from '@stratalab/contracts';
import type { Collection } from '@stratalab/contracts/agents';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { collectionState } from '../domain/collection-state.ts';
import { vectorDimensions } from '../domain/embedder.ts';
import { tables } from './tables.ts';

/** Collections with the sums of their documents; the sums come from an index-only look at documents, never at chunks. */
function collections(tx: Tx) {
  return tables(tx)
    .selectFrom('agents.collection as c')
    .leftJoin('agents.document as d', 'd.collection_id', 'c.id')
    .groupBy('c.id')
    .select(['c.id', 'c.tenant', 'c.name', 'c.description', 'c.created_by', 'c.created_at', 'c.updated_at'])
    .select(eb => [
      eb.fn.count<number>('d.id').as('documents'),
      sql<number>`count(*) filter (where d.state = 'ready')`.as('ready'),
      sql<number>`count(*) filter (where d.state = 'failed')`.as('failed'),
      sql<number>`coalesce(sum(d.chunk_count), 0)::bigint`.as('chunks'),
      sql<number>`coalesce(avg(case when d.state in ('ready', 'failed') then 1 else coalesce(d.embedded_count / nullif(d.chunk_count, 0)::float8, 0) end), 1)::float8`.as(
        'progress'
      ),
      sql<number>`coalesce(sum(d.size_bytes), 0)::bigint`.as('size_bytes'),
      sql<string | null>`max(d.embedder)`.as('embedder')
    ]);
}

type CollectionRow = Awaited<ReturnType<ReturnType<typeof collections>['executeTakeFirstOrThrow']>>;

function collectionOf(row: CollectionRow): Collection {
  const counts = { documentCount: row.documents, readyDocumentCount: row.ready, failedDocumentCount: row.failed };
  return {
    ...counts,
    name: row.name,
    urn: formatUrn({ tenant: row.tenant, kind: 'collection', name: row.name }),
    description: row.description,
    state: collectionState(counts),
    chunkCount: row.chunks,
    sizeBytes: row.size_bytes,
    progress: row.progress,
    embedder: row.embedder === null ? null : { model: row.embedder, dimensions: vectorDimensions },
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at
  };
}

export async function listCollectionPage(
  tx: Tx,
  request: { readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: Collection[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 1)?.[0];
  let query = collections(tx)
    .orderBy('c.name')
    .limit(request.limit + 1);
  if (after !== undefined) query = query.where('c.name', '>', String(after));
  return pageOf(await query.execute(), request.limit, { item: collectionOf, key: row => [row.name] });
}

/** @throws not-found */
export async function readCollection(tx: Tx, name: string): Promise<Collection> {
  const row = await collections(tx).where('c.name', '=', name).executeTakeFirst();
  if (row === undefined) throw noCollection(name);
  return collectionOf(row);
}

/** @throws not-found */
export async function collectionId(tx: Tx, name: string): Promise<string> {
  const row = await tables(tx).selectFrom('agents.collection').select('id').where('name', '=', name).executeTakeFirst();
  if (row === undefined) throw noCollection(name);
  return row.id;
}

/** Adds an empty collection; `false` when one of that name exists. */
export async function insertCollection(tx: Tx, row: { id: string; tenant: string; name: string; description: string; created_by: string }): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('agents.collection')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0;
}

export async function describeCollection(tx: Tx, id: string, description: string): Promise<void> {
  await tables(tx)
    .updateTable('agents.collection')
    .set({ description, updated_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
}

export async function touchCollection(tx: Tx, id: string): Promise<void> {
  await tables(tx)
    .updateTable('agents.collection')
    .set({ updated_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
}

/** Removes the collection and answers the ids of the documents that went with it. */
export async function removeCollection(tx: Tx, id: string): Promise<readonly string[]> {
  const documents = await tables(tx).selectFrom('agents.document').select('id').where('collection_id', '=', id).execute();
  await tables(tx).deleteFrom('agents.collection').where('id', '=', id).execute();
  return documents.map(row => row.id);
}

function noCollection(name: string): Problem {
  return new Problem('not-found', { detail: `There is no collection '${name}'.` });
}
