import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuse, fusionConstant, type Hit } from './fuse.ts';
import { decide } from './keep.ts';

const hits = (...ids: readonly string[]): Hit[] => ids.map((chunkId, index) => ({ chunkId, score: 1 - index / 10 }));

describe('rank fusion', () => {
  test('a hit of both rankings beats the best of one', () => {
    const fused = fuse(hits('a', 'b'), hits('c', 'b'));
    expect(fused.map(({ chunkId }) => chunkId)).toEqual(['b', 'a', 'c']);
    expect(fused[0]).toMatchObject({ dense: { rank: 2 }, bm25: { rank: 2 }, fused: { rank: 1, score: 2 / (fusionConstant + 2) } });
    expect(fused[1]).toMatchObject({ bm25: null });
  });

  test('keeps every hit once, whatever the rankings, and gives the same order again', () => {
    const ranking = fc.uniqueArray(fc.constantFrom(...'abcdefghij')).map(ids => hits(...ids));
    fc.assert(
      fc.property(ranking, ranking, (dense, bm25) => {
        const fused = fuse(dense, bm25);
        expect(new Set(fused.map(({ chunkId }) => chunkId))).toEqual(new Set([...dense, ...bm25].map(({ chunkId }) => chunkId)));
        expect(fused.map(({ fused: { rank } }) => rank)).toEqual(fused.map((_hit, index) => index + 1));
        expect(fuse(dense, bm25)).toEqual(fused);
      })
    );
  });
});

describe('what goes into the context', () => {
  const candidate = (text: string, tokens = 10): { text: string; tokens: number } => ({ text, tokens });

  test('at most k, within the budget, and nothing twice', () => {
    const decisions = decide(
      [candidate('quota of jobs'), candidate('Quotas of a job!'), candidate('a very long passage', 100), candidate('alias of a model'), candidate('lineage of a dataset')],
      { k: 2, budgetTokens: 50 }
    );
    expect(decisions.map(({ reason }) => reason)).toEqual(['kept', 'duplicate', 'over-budget', 'kept', 'beyond-k']);
    expect(decisions.map(({ marker }) => marker)).toEqual([1, null, null, 2, null]);
  });

  test('the budget and k hold for every list', () => {
    const any = fc.array(fc.record({ text: fc.lorem({ maxCount: 4 }), tokens: fc.integer({ min: 1, max: 60 }) }));
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 200 }), (candidates, k, budgetTokens) => {
        const decisions = decide(candidates, { k, budgetTokens });
        const kept = candidates.filter((_candidate, index) => decisions[index]?.isKept);
        expect(kept.length).toBeLessThanOrEqual(k);
        expect(kept.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budgetTokens);
        expect(decisions.filter(({ isKept }) => isKept).map(({ marker }) => marker)).toEqual(kept.map((_kept, index) => index + 1));
      })
    );
  });
});
