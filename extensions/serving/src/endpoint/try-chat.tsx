import type { Problem } from '@stratalab/contracts';
import { asProblem, formatAmount, ProblemNotice, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { streamChat, type ChatTurn } from './chat-stream';

export interface TryChatProps {
  readonly tenant: string;
  readonly name: string;
  readonly isReady: boolean;
}

/** A conversation with the endpoint, as any client has it: text comes as it is made, and can be stopped. */
export function TryChat({ tenant, name, isReady }: TryChatProps): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const [turns, setTurns] = React.useState<readonly ChatTurn[]>([]);
  const [question, setQuestion] = React.useState('');
  const [facts, setFacts] = React.useState('');
  const [problem, setProblem] = React.useState<Problem>();
  const running = React.useRef<AbortController>(undefined);
  const [isBusy, setBusy] = React.useState(false);
  const end = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => () => running.current?.abort(), []);
  React.useEffect(() => {
    // Some browsers answer a promise here, which must not become the effect's end.
    void end.current?.scrollIntoView({ block: 'nearest' });
  }, [turns]);

  const ask = async (): Promise<void> => {
    const asked: readonly ChatTurn[] = [...turns, { role: 'user', content: question }];
    const stop = new AbortController();
    running.current = stop;
    setTurns([...asked, { role: 'assistant', content: '' }]);
    setQuestion('');
    setFacts('');
    setProblem(undefined);
    setBusy(true);
    const startedAt = performance.now();
    let firstMs: number | undefined;
    let text = '';
    try {
      const usage = await streamChat({
        url: stratalab.url,
        headers: stratalab.authorization(),
        model: `${tenant}/${name}`,
        messages: asked,
        signal: stop.signal,
        onText(piece) {
          firstMs ??= performance.now() - startedAt;
          text += piece;
          setTurns([...asked, { role: 'assistant', content: text }]);
        }
      });
      const seconds = Math.max(0.001, (performance.now() - startedAt - (firstMs ?? 0)) / 1000);
      if (usage !== undefined && firstMs !== undefined)
        setFacts(
          texts.__(
            '%1 tokens in, %2 out, first word after %3 ms, %4 tokens/s',
            formatAmount(usage.promptTokens),
            formatAmount(usage.completionTokens),
            formatAmount(Math.round(firstMs)),
            formatAmount(Math.round(usage.completionTokens / seconds))
          )
        );
    } catch (error) {
      if (stop.signal.aborted) setFacts(texts.__('Stopped.'));
      else setProblem(asProblem(error));
      if (text === '') setTurns(asked);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="jp-StrataServing-chat">
      <div className="jp-StrataServing-turns" role="log" aria-label={texts.__('Conversation')} aria-busy={isBusy} tabIndex={0}>
        {turns.length === 0 && <p className="jp-Strata-caption">{texts.__('Ask something. This goes the same way as a call of any OpenAI client.')}</p>}
        {turns.map((turn, index) => (
          <div key={index} className={`jp-StrataServing-turn jp-mod-${turn.role}`}>
            <span className="jp-Strata-caption">{turn.role === 'user' ? texts.__('You') : name}</span>
            <div>{turn.content === '' && isBusy ? '…' : turn.content}</div>
          </div>
        ))}
        <div ref={end} />
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <form
        className="jp-Strata-row"
        onSubmit={event => {
          event.preventDefault();
          if (question.trim() !== '' && !isBusy) void ask();
        }}
      >
        <textarea
          className="jp-mod-styled"
          rows={2}
          aria-label={texts.__('Message')}
          placeholder={isReady ? texts.__('Message; Enter sends, Shift+Enter starts a new line') : texts.__('The endpoint is not ready yet; a message waits for it')}
          value={question}
          onChange={event => setQuestion(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        {isBusy ? (
          <button type="button" className="jp-mod-styled jp-mod-warn" onClick={() => running.current?.abort()}>
            {texts.__('Stop')}
          </button>
        ) : (
          <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={question.trim() === ''}>
            {texts.__('Send')}
          </button>
        )}
      </form>
      <div className="jp-Strata-row">
        <span className="jp-Strata-caption" role="status">
          {facts}
        </span>
        <span className="jp-Strata-spring" />
        {turns.length > 0 && !isBusy && (
          <button className="jp-Strata-link" onClick={() => setTurns([])}>
            {texts.__('New conversation')}
          </button>
        )}
      </div>
    </div>
  );
}
