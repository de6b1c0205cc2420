import type { Answer, Citation, Passage } from '@stratalab/contracts/agents';
import { formatAmount, ProblemNotice, StatusChip, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { ShownSource } from '../source/source-pane';
import { useAction, useAgents } from '../use-agents';
import { verdictStatus } from '../words';
import { segmentsOf } from './answer-text';

interface AnswerViewProps {
  readonly tenant: string;
  readonly answer: Answer;
  readonly onSource: (source: ShownSource) => void;
}

/** An answer with what the program found about it: citations that hold open their source, sentences without support are underlined. */
export function AnswerView({ tenant, answer, onSource }: AnswerViewProps): React.JSX.Element {
  const texts = useTexts();
  return (
    <section className="jp-Strata-answer" aria-label={texts.__('Answer')} data-testid="stratalab-answer">
      <StatusChip {...verdictStatus(answer.verdict, texts)} />
      {answer.text !== '' && <AnswerText answer={answer} onSource={onSource} />}
      <Passages passages={answer.passages} onSource={onSource} />
      <p className="jp-Strata-caption">
        {texts.__(
          '%1 · %2 tokens in, %3 out · %4 s · %5 of %6 citations hold',
          answer.endpoint,
          formatAmount(answer.usage.promptTokens),
          formatAmount(answer.usage.completionTokens),
          formatAmount(answer.durationMs / 1000),
          answer.validCitationCount,
          answer.citationCount
        )}
        {answer.finishReason === 'length' && ` · ${texts.__('cut off at its token limit')}`}
      </p>
      <FeedbackButtons key={answer.id} tenant={tenant} answer={answer} />
    </section>
  );
}

function AnswerText({ answer, onSource }: Pick<AnswerViewProps, 'answer' | 'onSource'>): React.JSX.Element {
  const texts = useTexts();
  return (
    <p className="jp-Strata-answerText">
      {segmentsOf(answer).map(segment => {
        switch (segment.kind) {
          case 'citations':
            return segment.citations.map(citation => <CitationMark key={`${segment.from} ${citation.marker}`} citation={citation} onSource={onSource} />);
          case 'found':
            return <FoundMark key={`found ${segment.from}`} answer={answer} chunkId={segment.chunkId} onSource={onSource} />;
          case 'text':
            return (
              <span
                key={segment.from}
                className={segment.isSupported === false ? 'jp-Strata-unsupported' : undefined}
                title={segment.isSupported === false ? texts.__('Not supported by a passage it cites') : undefined}
              >
                {segment.text}
              </span>
            );
        }
      })}
    </p>
  );
}

function CitationMark({ citation, onSource }: { readonly citation: Citation; readonly onSource: (source: ShownSource) => void }): React.JSX.Element {
  const texts = useTexts();
  const { documentId, documentName, source } = citation;
  if (!citation.isValid || documentId === null || source === null) {
    const why =
      citation.problem === 'unknown-passage' ? texts.__('The model was given no passage with this number') : texts.__('The sentence shares no words in a row with this passage');
    return (
      <span className="jp-Strata-cite jp-mod-invalid" title={why}>
        [{citation.marker} ✕]
      </span>
    );
  }
  return (
    <button
      className="jp-Strata-cite"
      title={`${documentName ?? ''}: “${citation.quote ?? ''}”`}
      aria-label={texts.__('Citation %1: %2', citation.marker, documentName ?? '')}
      onClick={() => onSource({ documentId, span: source })}
    >
      [{citation.marker}]
    </button>
  );
}

/** A passage that says the same as a sentence without a citation that holds: found by the program, not claimed by the model. */
function FoundMark({ answer, chunkId, onSource }: Pick<AnswerViewProps, 'answer' | 'onSource'> & { readonly chunkId: string }): React.JSX.Element | null {
  const texts = useTexts();
  const passage = answer.trace.candidates.find(candidate => candidate.chunkId === chunkId);
  if (passage === undefined) return null;
  return (
    <button
      className="jp-Strata-cite"
      title={texts.__('The model does not cite it, but %1 says the same', passage.documentName)}
      onClick={() => onSource({ documentId: passage.documentId, span: passage.span })}
    >
      ≈ {passage.marker}
    </button>
  );
}

/** The best passages in their own words, where the model's words are not supported. */
function Passages({ passages, onSource }: { readonly passages: readonly Passage[]; readonly onSource: (source: ShownSource) => void }): React.JSX.Element | null {
  const texts = useTexts();
  if (passages.length === 0) return null;
  return (
    <div className="jp-Strata-passages">
      <h3>{texts.__('What the documents say')}</h3>
      {passages.map(passage => (
        <blockquote key={passage.chunkId}>
          <p>{passage.text}</p>
          <button className="jp-Strata-link" onClick={() => onSource({ documentId: passage.documentId, span: passage.source })}>
            {passage.documentName}
            {passage.page !== null && ` · ${texts.__('page %1', passage.page)}`}
          </button>
        </blockquote>
      ))}
    </div>
  );
}

function FeedbackButtons({ tenant, answer }: Pick<AnswerViewProps, 'tenant' | 'answer'>): React.JSX.Element {
  const texts = useTexts();
  const agents = useAgents();
  const action = useAction();
  const [rating, setRating] = React.useState(answer.feedback?.rating);
  const rate = (given: 'good' | 'bad'): void =>
    action.run(async () => {
      await agents.giveFeedback({ params: { tenant, answer: answer.id }, body: { rating: given } });
      setRating(given);
    });
  return (
    <div className="jp-Strata-row">
      <span className="jp-Strata-caption">{texts.__('Was this a good answer?')}</span>
      <span className="jp-Strata-choice" role="radiogroup" aria-label={texts.__('Was this a good answer?')}>
        <button role="radio" aria-checked={rating === 'good'} disabled={action.isBusy} onClick={() => rate('good')}>
          {texts.__('Good')}
        </button>
        <button role="radio" aria-checked={rating === 'bad'} disabled={action.isBusy} onClick={() => rate('bad')}>
          {texts.__('Bad')}
        </button>
      </span>
      {action.problem !== undefined && <ProblemNotice problem={action.problem} />}
    </div>
  );
}
