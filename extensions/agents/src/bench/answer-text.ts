import type { Answer, Citation } from '@stratalab/contracts/agents';

export type Segment =
  | { readonly kind: 'text'; readonly from: number; readonly text: string; /** Undefined outside of sentences. */ readonly isSupported: boolean | undefined }
  | { readonly kind: 'citations'; readonly from: number; readonly citations: readonly Citation[] };

/** An answer cut into plain pieces and citations, in order; the pieces put together again are the answer. */
export function segmentsOf({ text, citations, sentences }: Pick<Answer, 'text' | 'citations' | 'sentences'>): readonly Segment[] {
  const groups = [...Map.groupBy(citations, citation => citation.span.from).values()].sort((a, b) => startOf(a) - startOf(b));
  const segments: Segment[] = [];
  let at = 0;
  const addText = (to: number): void => {
    while (at < to) {
      const sentence = sentences.find(({ span }) => span.from <= at && at < span.to);
      const next = sentence?.span.to ?? sentences.find(({ span }) => span.from > at)?.span.from ?? to;
      const end = Math.min(to, next);
      segments.push({ kind: 'text', from: at, text: text.slice(at, end), isSupported: sentence?.isSupported });
      at = end;
    }
  };
  for (const group of groups) {
    const span = group[0]?.span;
    if (span === undefined || span.from < at) continue;
    addText(span.from);
    segments.push({ kind: 'citations', from: at, citations: group });
    at = span.to;
  }
  addText(text.length);
  return segments;
}

function startOf(group: readonly Citation[]): number {
  return group[0]?.span.from ?? 0;
}
