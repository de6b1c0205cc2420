import type { Chunk } from '@stratalab/contracts/agents';
import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { vectorText } from '../domain/embedder.ts';
import { tables } from './tables.ts';

export interface IndexedChunk {
  readonly id: string;
  readonly ordinal: number;
  readonly from: number;
  readonly to: number;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly tokens: number;
  readonly content: string;
  /** Frequency of each term, context included. */
  readonly terms: ReadonlyMap<string, number>;
  /** Terms altogether, repetitions included. */
  readonly length: number;
}

interface Owner {
  readonly tenant: string;
  readonly collectionId: string;
  readonly documentId: string;
}

const rowsPerInsert = 2_000;

/** Replaces text, chunks and terms of a document. */
export async function replaceChunks(
  tx: Tx,
  owner: Owner,
  content: { readonly text: string; readonly pages: readonly { page: number; from: number }[]; readonly chunks: readonly IndexedChunk[] }
): Promise<void> {
  await clearChunks(tx, owner.documentId);
  await tables(tx)
    .insertInto('agents.document_text')
    .values({ document_id: owner.documentId, tenant: owner.tenant, text: content.text, pages: JSON.stringify(content.pages) })
    .execute();
  const keys = { tenant: owner.tenant, collection_id: owner.collectionId, document_id: owner.documentId };
  const chunks = content.chunks.map(chunk => ({
    ...keys,
    id: chunk.id,
    ordinal: chunk.ordinal,
    from_character: chunk.from,
    to_character: chunk.to,
    headings: JSON.stringify(chunk.headings),
    page: chunk.page,
    tokens: chunk.tokens,
    content: chunk.content
  }));
  for (const rows of batches(chunks)) await tables(tx).insertInto('agents.chunk').values(rows).execute();
  const terms = content.chunks.flatMap(chunk => [...chunk.terms].map(([term, frequency]) => ({ ...keys, term, chunk_id: chunk.id, frequency, chunk_length: chunk.length })));
  for (const rows of batches(terms)) await tables(tx).insertInto('agents.chunk_term').values(rows).execute();
}

export async function clearChunks(tx: Tx, documentId: string): Promise<void> {
  await tables(tx).deleteFrom('agents.chunk_term').where('document_id', '=', documentId).execute();
  await tables(tx).deleteFrom('agents.chunk').where('document_id', '=', documentId).execute();
  await tables(tx).deleteFrom('agents.document_text').where('document_id', '=', documentId).execute();
}

/** The next chunks of a document that have no vector, in order. */
export async function readUnembedded(tx: Tx, documentId: string, limit: number): Promise<readonly { id: string; content: string; headings: readonly string[] }[]> {
  return tables(tx)
    .selectFrom('agents.chunk')
    .select(['id', 'content', 'headings'])
    .where('document_id', '=', documentId)
    .where('embedding', 'is', null)
    .orderBy('ordinal')
    .limit(limit)
    .execute();
}

/** Keeps vectors of chunks; chunks that are gone are passed over. */
export async function saveVectors(tx: Tx, vectors: readonly { readonly id: string; readonly vector: readonly number[] }[]): Promise<void> {
  const ids = vectors.map(({ id }) => id);
  const texts = vectors.map(({ vector }) => vectorText(vector));
  await sql`
    update agents.chunk set embedding = given.vector::vector
    from unnest(${ids}::text[], ${texts}::text[]) as given (id, vector)
    where chunk.id = given.id`.execute(tx);
}

export async function countEmbedded(tx: Tx, documentId: string): Promise<number> {
  const row = await tables(tx)
    .selectFrom('agents.chunk')
    .select(eb => eb.fn.count<number>('embedding').as('count'))
    .where('document_id', '=', documentId)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** A window of a document's text with the chunks that begin or end in it. */
export async function readTextWindow(tx: Tx, documentId: string, window: { readonly from: number; readonly limit: number }) {
  const row = await tables(tx).selectFrom('agents.document_text').select(['text', 'pages']).where('document_id', '=', documentId).executeTakeFirst();
  if (row === undefined) return undefined;
  const from = Math.min(window.from, row.text.length);
  const to = Math.min(from + window.limit, row.text.length);
  const chunks = await tables(tx)
    .selectFrom('agents.chunk')
    .select(['id', 'ordinal', 'from_character', 'to_character', 'headings', 'page', 'tokens'])
    .select(eb => eb('embedding', 'is not', null).as('is_embedded'))
    .where('document_id', '=', documentId)
    .where('from_character', '<', to)
    .where('to_character', '>', from)
    .orderBy('ordinal')
    .execute();
  return {
    window: { from, to },
    characterCount: row.text.length,
    text: row.text.slice(from, to).toWellFormed(),
    pages: [...row.pages],
    chunks: chunks.map((chunk): Chunk => ({
      id: chunk.id,
      ordinal: chunk.ordinal,
      span: { from: chunk.from_character, to: chunk.to_character },
      headings: [...chunk.headings],
      page: chunk.page,
      tokens: chunk.tokens,
      isEmbedded: Boolean(chunk.is_embedded)
    }))
  };
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += rowsPerInsert) yield rows.slice(at, at + rowsPerInsert);
}
