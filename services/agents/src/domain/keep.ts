import type { CandidateReason } from '@stratalab/contracts/agents';
import { termsOf } from './terms.ts';

export interface KeepRule {
  readonly k: number;
  readonly budgetTokens: number;
}

export interface Decision {
  readonly isKept: boolean;
  readonly reason: CandidateReason;
  /** 1 for the first that is kept, and so on; the number an answer cites. */
  readonly marker: number | null;
}

const sameShare = 0.9;

/**
 * Decides, best first, which candidates go into the context: at most `k`, within the token budget, none that says what a kept one says
 * (nine of ten distinct terms shared). A candidate that does not fit is passed over and a smaller one behind it may still fit.
 */
export function decide(candidates: readonly { readonly text: string; readonly tokens: number }[], rule: KeepRule): Decision[] {
  const kept: ReadonlySet<string>[] = [];
  let used = 0;
  return candidates.map(candidate => {
    const drop = (reason: CandidateReason): Decision => ({ isKept: false, reason, marker: null });
    const terms = new Set(termsOf(candidate.text));
    if (kept.some(other => similarity(terms, other) >= sameShare)) return drop('duplicate');
    if (kept.length >= rule.k) return drop('beyond-k');
    if (used + candidate.tokens > rule.budgetTokens) return drop('over-budget');
    used += candidate.tokens;
    kept.push(terms);
    return { isKept: true, reason: 'kept', marker: kept.length };
  });
}

/** Jaccard similarity; two empty sets are not alike. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter(term => b.has(term)).length;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}
