import { Problem } from '@stratalab/contracts';
import type { Candidate, RetrievalTrace, SearchMode } from '@stratalab/contracts/agents';
import type { Call } from '@stratalab/kernel';
import { vectorDimensions } from '../domain/embedder.ts';
import { fuse, type FusedHit, type Hit } from '../domain/fuse.ts';
import { decide } from '../domain/keep.ts';
import { termsOf } from '../domain/terms.ts';
import { collectionId } from '../store/collection-store.ts';
import { countSearchable, exactUpTo, readChunks, searchTerms, searchVectors, type TermHit } from '../store/search-store.ts';

export interface SearchRequest {
  readonly collection: string;
  readonly query: string;
  readonly k: number;
  readonly mode: SearchMode;
  readonly budgetTokens: number;
}

export interface SearchParts {
  /** Embeds one query as the chunks were embedded. @throws unavailable */
  readonly embedQuery: (query: string) => Promise<{ readonly model: string; readonly vector: readonly number[] }>;
}

/** Candidates each half brings: enough for fusion to find what one half ranks low. */
const depthOf = (k: number): number => Math.min(100, Math.max(20, 4 * k));

/**
 * Finds the passages of a collection that answer a query: by meaning (vectors), by words (BM25), and by both fused. This is the one
 * retriever of the platform: the bench, the API, `ask` and notebooks all get its trace.
 * Where the embedder does not answer, a hybrid search goes on with words alone, and the trace says so (`embedder` null).
 * @throws not-found; unavailable for mode `dense` without an embedder
 */
export async function searchCollection(parts: SearchParts, call: Call, request: SearchRequest): Promise<RetrievalTrace> {
  const started = performance.now();
  const collection = await call.read(tx => collectionId(tx, request.collection));
  const embedded = request.mode === 'bm25' ? undefined : await embed(parts, request);
  const embedMs = performance.now() - started;
  const terms = request.mode === 'dense' ? [] : [...new Set(termsOf(request.query))];
  const limit = depthOf(request.k);
  return call.read(async tx => {
    const searchable = await countSearchable(tx, collection);
    const method = searchable <= exactUpTo ? 'exact' : 'hnsw';
    const denseStarted = performance.now();
    const dense: readonly Hit[] = embedded === undefined ? [] : await searchVectors(tx, { collection, limit, method, vector: embedded.vector });
    const bm25Started = performance.now();
    const bm25 = await searchTerms(tx, { collection, terms, limit });
    const bm25Ended = performance.now();
    const fused = fuse(dense, bm25);
    const candidates = describe(fused, {
      bm25,
      chunks: await readChunks(
        tx,
        fused.map(hit => hit.chunkId)
      ),
      request
    });
    return {
      query: request.query,
      collection: request.collection,
      mode: request.mode,
      k: request.k,
      budgetTokens: request.budgetTokens,
      keptTokens: candidates.filter(candidate => candidate.isKept).reduce((sum, candidate) => sum + candidate.tokens, 0),
      searchableChunkCount: searchable,
      denseMethod: embedded === undefined ? null : method,
      embedder: embedded === undefined ? null : { model: embedded.model, dimensions: vectorDimensions },
      terms,
      milliseconds: { embed: round(embedMs), dense: round(bm25Started - denseStarted), bm25: round(bm25Ended - bm25Started), total: round(performance.now() - started) },
      candidates
    };
  });
}

async function embed(parts: SearchParts, request: SearchRequest): Promise<{ model: string; vector: readonly number[] } | undefined> {
  try {
    const embedded = await parts.embedQuery(request.query);
    if (embedded.vector.length !== vectorDimensions)
      throw new Problem('unavailable', { detail: `The embedder gives vectors of ${embedded.vector.length} dimensions; collections hold ${vectorDimensions}.` });
    return embedded;
  } catch (error) {
    if (request.mode === 'hybrid' && error instanceof Problem && error.isRetryable) return undefined;
    throw error;
  }
}

type Chunks = Awaited<ReturnType<typeof readChunks>>;

function describe(fused: readonly FusedHit[], found: { readonly bm25: readonly TermHit[]; readonly chunks: Chunks; readonly request: SearchRequest }): Candidate[] {
  const matched = new Map(found.bm25.map(hit => [hit.chunkId, hit.terms]));
  const rows = fused.flatMap(hit => {
    const chunk = found.chunks.get(hit.chunkId);
    return chunk === undefined ? [] : [{ hit, chunk }];
  });
  const decisions = decide(
    rows.map(({ chunk }) => ({ text: chunk.content, tokens: chunk.tokens })),
    found.request
  );
  return rows.map(({ hit, chunk }, index) => ({
    chunkId: chunk.id,
    documentId: chunk.document_id,
    documentName: chunk.document_name,
    documentTitle: chunk.title,
    ordinal: chunk.ordinal,
    headings: [...chunk.headings],
    page: chunk.page,
    span: { from: chunk.from_character, to: chunk.to_character },
    text: chunk.content,
    tokens: chunk.tokens,
    dense: hit.dense,
    bm25: hit.bm25,
    matchedTerms: [...(matched.get(hit.chunkId) ?? [])],
    fused: hit.fused,
    ...(decisions[index] ?? { isKept: false, reason: 'beyond-k', marker: null })
  }));
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
