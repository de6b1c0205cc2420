/** Reciprocal rank fusion's constant; 60 in Cormack, Clarke and Büttcher, SIGIR 2009. */
export const fusionConstant = 60;

export interface Hit {
  readonly chunkId: string;
  readonly score: number;
}

export interface Ranked {
  readonly score: number;
  readonly rank: number;
}

export interface FusedHit {
  readonly chunkId: string;
  readonly dense: Ranked | null;
  readonly bm25: Ranked | null;
  readonly fused: Ranked;
}

/**
 * Reciprocal rank fusion of two rankings, best first: a hit scores the sum of 1/(60 + rank) over the rankings it is in, so that scores of
 * different kinds need not be compared. Ties go to the better dense rank, then to the id, so that the same input gives the same order.
 */
export function fuse(dense: readonly Hit[], bm25: readonly Hit[]): FusedHit[] {
  const denseRanks = rankOf(dense);
  const bm25Ranks = rankOf(bm25);
  const ids = new Set([...denseRanks.keys(), ...bm25Ranks.keys()]);
  return [...ids]
    .map(chunkId => {
      const inDense = denseRanks.get(chunkId) ?? null;
      const inBm25 = bm25Ranks.get(chunkId) ?? null;
      return { chunkId, dense: inDense, bm25: inBm25, score: share(inDense) + share(inBm25) };
    })
    .sort((a, b) => b.score - a.score || (a.dense?.rank ?? Infinity) - (b.dense?.rank ?? Infinity) || (a.chunkId < b.chunkId ? -1 : 1))
    .map(({ score, ...hit }, index) => ({ ...hit, fused: { score, rank: index + 1 } }));
}

function rankOf(hits: readonly Hit[]): ReadonlyMap<string, Ranked> {
  return new Map(hits.map((hit, index) => [hit.chunkId, { score: hit.score, rank: index + 1 }]));
}

function share(ranked: Ranked | null): number {
  return ranked === null ? 0 : 1 / (fusionConstant + ranked.rank);
}
