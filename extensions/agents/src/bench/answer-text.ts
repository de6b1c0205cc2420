import type { Answer, Citation } from '@stratalab/contracts/agents';

export type Segment =
  | { readonly kind: 'text'; readonly from: number; readonly text: string; /** Undefined outside of sentences. */ readonly isSupported: boolean | undefined }
  /** The program's own find for a sentence whose citations do not hold. */
  | { readonly kind: 'found'; readonly from: number; readonly chunkId: string }
  | { readonly kind: 'citations'; readonly from: number; readonly citations: readonly Citation[] };

/** An answer cut into plain pieces and citations, in order; the pieces put together again are the answer. Finds stand behind their sentences. */
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
  const addFinds = (): void => {
    for (const { span, isSupported, supportedBy } of sentences) {
      if (isSupported || supportedBy === null) continue;
      const after = segments.findLastIndex(segment => segment.from < span.to);
      segments.splice(after + 1, 0, { kind: 'found', from: span.to, chunkId: supportedBy });
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
  addFinds();
  return segments;
}

function startOf(group: readonly Citation[]): number {
  return group[0]?.span.from ?? 0;
}
