import type { Candidate, RetrievalTrace } from '@stratalab/contracts/agents';
import { EmptyState, formatAmount, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import type { ShownSource } from '../source/source-pane';
import { reasonName } from '../words';

const shownTerms = 12;

/** Every candidate of a search with both scores and what became of it, and what was searched for. */
export function CandidatesTable({ trace, onSource }: { readonly trace: RetrievalTrace; readonly onSource: (source: ShownSource) => void }): React.JSX.Element {
  const texts = useTexts();
  const ranked = (found: { readonly score: number; readonly rank: number } | null, digits: number): string =>
    found === null ? '–' : `#${found.rank}  ${found.score.toFixed(digits)}`;
  const open = (row: Candidate): void => onSource({ documentId: row.documentId, span: row.span });
  const columns: readonly Column<Candidate>[] = [
    { id: 'rank', label: '#', width: 36, isNumber: true, text: row => String(row.fused.rank) },
    {
      id: 'passage',
      label: texts.__('Passage'),
      width: 240,
      text: row => [row.documentName, ...row.headings].join(' › '),
      render: row => (
        <button className="jp-Strata-link" title={row.text} onClick={() => open(row)}>
          {[row.documentName, ...row.headings.slice(-1)].join(' › ')}
          {row.page !== null && ` · ${texts.__('page %1', row.page)}`}
        </button>
      )
    },
    {
      id: 'reason',
      label: texts.__('Kept or dropped'),
      width: 150,
      text: row => reasonName(row.reason, texts),
      render: row => (row.isKept ? <strong>{texts.__('Kept as [%1]', row.marker ?? 0)}</strong> : <span className="jp-Strata-caption">{reasonName(row.reason, texts)}</span>)
    },
    { id: 'dense', label: texts.__('Meaning'), width: 92, isNumber: true, text: row => ranked(row.dense, 3) },
    { id: 'bm25', label: texts.__('Words'), width: 92, isNumber: true, text: row => ranked(row.bm25, 2) },
    { id: 'fused', label: texts.__('Together'), width: 84, isNumber: true, text: row => row.fused.score.toFixed(4) },
    { id: 'tokens', label: texts.__('Tokens'), width: 72, isNumber: true, text: row => formatAmount(row.tokens) },
    { id: 'terms', label: texts.__('Matched words'), width: 140, text: row => row.matchedTerms.join(' ') }
  ];
  const pages = {
    rows: trace.candidates,
    total: trace.candidates.length,
    hasMore: false,
    isLoading: false,
    problem: undefined,
    loadMore: () => undefined,
    reload: () => undefined
  };
  return (
    <section className="jp-Strata-trace" aria-label={texts.__('Retrieval')} data-testid="stratalab-trace">
      <h3>{texts.__('Where the answer comes from')}</h3>
      <p className="jp-Strata-caption">
        {texts.__(
          '%1 passages searched in %2 ms; %3 kept with about %4 tokens.',
          formatAmount(trace.searchableChunkCount),
          formatAmount(Math.round(trace.milliseconds.total)),
          trace.candidates.filter(candidate => candidate.isKept).length,
          formatAmount(trace.keptTokens)
        )}{' '}
        {trace.terms.length > 0 && texts.__('Words searched for: %1', trace.terms.slice(0, shownTerms).join(', '))}
      </p>
      {trace.embedder === null && trace.mode === 'hybrid' && (
        <p className="jp-Strata-refused">{texts.__('The embedder did not answer; passages were found by their words alone.')}</p>
      )}
      <VirtualTable
        label={texts.__('Candidates')}
        columns={columns}
        pages={pages}
        rowKey={row => row.chunkId}
        onOpen={open}
        empty={<EmptyState text={texts.__('No passage fits this question.')} />}
      />
    </section>
  );
}
