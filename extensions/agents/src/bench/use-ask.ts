import type { Problem } from '@stratalab/contracts';
import { agentsRoutes, type Answer, type RetrievalTrace, type SearchMode } from '@stratalab/contracts/agents';
import { asProblem, useSuite } from '@stratalab/lab-kit';
import * as React from 'react';
import { answerTimeoutMs } from '../answer-timeout';

export interface BenchInput {
  readonly question: string;
  readonly endpoint: string | undefined;
  readonly k: number;
  readonly mode: SearchMode;
}

export interface BenchState {
  readonly busy: 'search' | 'ask' | undefined;
  readonly problem: Problem | undefined;
  readonly answer: Answer | undefined;
  readonly trace: RetrievalTrace | undefined;
}

export interface BenchControl extends BenchState {
  readonly search: (input: BenchInput) => void;
  readonly ask: (input: BenchInput & { readonly endpoint: string }) => void;
  readonly stop: () => void;
}

/** Runs searches and questions of the bench, one at a time; both are the calls that programs make. */
export function useAsk(params: { readonly tenant: string; readonly collection: string }): BenchControl {
  const { stratalab } = useSuite();
  const agents = React.useMemo(() => stratalab.clientFor(agentsRoutes, { timeoutMs: answerTimeoutMs }), [stratalab]);
  const [state, setState] = React.useState<BenchState>({ busy: undefined, problem: undefined, answer: undefined, trace: undefined });
  const running = React.useRef<AbortController>(undefined);
  React.useEffect(() => () => running.current?.abort(), []);

  const start = (busy: 'search' | 'ask', work: (signal: AbortSignal) => Promise<Pick<BenchState, 'answer' | 'trace'>>): void => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState(before => ({ ...before, busy, problem: undefined }));
    work(abort.signal).then(
      found => !abort.signal.aborted && setState({ busy: undefined, problem: undefined, ...found }),
      (error: unknown) => !abort.signal.aborted && setState(before => ({ ...before, busy: undefined, problem: asProblem(error) }))
    );
  };
  return {
    ...state,
    search: ({ question, k, mode }) =>
      start('search', async signal => ({ answer: undefined, trace: await agents.searchCollection({ params, body: { query: question, k, mode } }, { signal }) })),
    ask: ({ question, endpoint, k, mode }) =>
      start('ask', async signal => {
        const answer = await agents.ask({ params, body: { question, endpoint, k, mode } }, { signal });
        return { answer, trace: answer.trace };
      }),
    stop: () => {
      running.current?.abort();
      setState(before => ({ ...before, busy: undefined }));
    }
  };
}
