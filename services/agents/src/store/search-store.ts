import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { vectorText } from '../domain/embedder.ts';
import type { Hit } from '../domain/fuse.ts';
import { tables } from './tables.ts';

/** Up to this many vectors an exact sort is faster than the graph index and cannot miss (measured, design of retrieval). */
export const exactUpTo = 10_000;

export interface TermHit extends Hit {
  readonly terms: readonly string[];
}

/** How many chunks of the collection have a vector. */
export async function countSearchable(tx: Tx, collection: string): Promise<number> {
  const row = await tables(tx)
    .selectFrom('agents.document')
    .select(sql<number>`coalesce(sum(embedded_count), 0)::bigint`.as('count'))
    .where('collection_id', '=', collection)
    .executeTakeFirstOrThrow();
  return row.count;
}

/**
 * The `limit` chunks of one collection nearest to the query, best first, by inner product of unit vectors. The graph index filters after it
 * has scanned, so a small collection beside large ones would get too few rows: up to 10,000 chunks are sorted exactly; above, the scan goes
 * on until four times the rows are there, and those are sorted again.
 */
export async function searchVectors(
  tx: Tx,
  request: { readonly collection: string; readonly vector: readonly number[]; readonly limit: number; readonly method: 'exact' | 'hnsw' }
): Promise<readonly Hit[]> {
  const vector = vectorText(request.vector);
  if (request.method === 'exact') {
    const { rows } = await sql<Hit>`
      select id as "chunkId", -(embedding <#> ${vector}::vector) as score from agents.chunk
      where collection_id = ${request.collection} and embedding is not null
      order by (embedding <#> ${vector}::vector) + 0, id limit ${request.limit}`.execute(tx);
    return rows;
  }
  await sql`select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '200', true), set_config('hnsw.max_scan_tuples', '200000', true)`.execute(
    tx
  );
  const { rows } = await sql<Hit>`
    with near as materialized (
      select id, embedding <#> ${vector}::vector as distance from agents.chunk
      where collection_id = ${request.collection} order by embedding <#> ${vector}::vector limit ${request.limit * 4})
    select id as "chunkId", -distance as score from near order by distance + 0, id limit ${request.limit}`.execute(tx);
  return rows;
}

/**
 * BM25 over the chunks of one collection, best first. k1 = 1.2, b = 0.75; idf = ln(1 + (N - n + 0.5) / (n + 0.5)), as in Lucene
 * (Robertson and Zaragoza, 2009).
 */
export async function searchTerms(tx: Tx, request: { readonly collection: string; readonly terms: readonly string[]; readonly limit: number }): Promise<readonly TermHit[]> {
  if (request.terms.length === 0) return [];
  const { rows } = await sql<TermHit>`
    with books as (
      select coalesce(sum(chunk_count), 0)::float8 as chunks, (coalesce(sum(term_total), 0) / greatest(sum(chunk_count), 1))::float8 as mean_length
      from agents.document where collection_id = ${request.collection}),
    hit as (
      select term, chunk_id, frequency::float8 as frequency, chunk_length::float8 as length from agents.chunk_term
      where collection_id = ${request.collection} and term = any(${[...request.terms]}::text[])),
    weight as (
      select term, ln(1 + (greatest(max(chunks), count(*)) - count(*) + 0.5) / (count(*) + 0.5)) as idf from hit cross join books group by term)
    select chunk_id as "chunkId", array_agg(term order by idf desc, term) as terms,
      sum(idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / greatest(mean_length, 1)))) as score
    from hit join weight using (term) cross join books
    group by chunk_id order by score desc, chunk_id limit ${request.limit}`.execute(tx);
  return rows;
}

/** What a trace says about chunks, by id. */
export async function readChunks(tx: Tx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await tables(tx)
    .selectFrom('agents.chunk as k')
    .innerJoin('agents.document as d', 'd.id', 'k.document_id')
    .select(['k.id', 'k.document_id', 'k.ordinal', 'k.headings', 'k.page', 'k.from_character', 'k.to_character', 'k.content', 'k.tokens', 'd.name as document_name', 'd.title'])
    .where('k.id', 'in', ids)
    .execute();
  return new Map(rows.map(row => [row.id, row]));
}
