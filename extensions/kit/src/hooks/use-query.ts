import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { useSuite } from '../platform/context';
import { useReloadOnEvents } from './use-reload-on-events';

export interface QueryState<T> {
  /** The last good answer; kept while a newer one is fetched, and when that fails for a passing reason. */
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

export interface QueryOptions {
  /** Event-name prefixes after which the answer is fetched again. */
  readonly refreshOn?: readonly string[];
  readonly isEnabled?: boolean;
}

interface State<T> {
  readonly key: string;
  /** In which the answer was asked for. */
  readonly tenant: string | undefined;
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
}

const settleMs = 150;

/**
 * Fetches for a component: aborts when it goes away or `key` changes, fetches again on the named events and when the tenant changes,
 * and keeps showing the old answer meanwhile.
 */
export function useQuery<T>(key: string, fetcher: (tenant: string, signal: AbortSignal) => Promise<T>, options: QueryOptions = {}): QueryState<T> {
  const { stratalab } = useSuite();
  const [state, setState] = React.useState<State<T>>({ key, tenant: undefined, data: undefined, problem: undefined, isLoading: true });
  const [round, setRound] = React.useState(0);
  const latest = React.useRef(fetcher);
  latest.current = fetcher;
  const isEnabled = options.isEnabled ?? true;

  React.useEffect(() => {
    if (!isEnabled) return undefined;
    const abort = new AbortController();
    const { signal } = abort;
    setState(before => ({ ...before, key, data: before.key === key ? before.data : undefined, problem: undefined, isLoading: true }));
    const ask = async (): Promise<void> => {
      let tenant: string | undefined;
      try {
        tenant = await stratalab.tenant();
        const data = await latest.current(tenant, signal);
        if (!signal.aborted) setState({ key, tenant, data, problem: undefined, isLoading: false });
      } catch (error) {
        if (!signal.aborted) setState(before => failed(before, asProblem(error), tenant));
      }
    };
    void ask();
    return () => abort.abort();
  }, [key, round, isEnabled, stratalab]);

  const reload = React.useCallback(() => setRound(before => before + 1), []);
  // What was answered to another key is no answer, also while this one may not be asked.
  const isCurrent = state.key === key;
  const isLoading = !isCurrent || state.isLoading;
  useReloadOnEvents({ prefixes: options.refreshOn ?? [], settleMs, isLoading: isEnabled && isLoading, reload });
  React.useEffect(() => {
    stratalab.tenantChanged.connect(reload);
    return () => {
      stratalab.tenantChanged.disconnect(reload);
    };
  }, [stratalab, reload]);
  return { data: isCurrent ? state.data : undefined, problem: isCurrent ? state.problem : undefined, isLoading, reload };
}

/** An answer to another tenant, or one that says what is gone or closed by now, is no longer shown. */
function failed<T>(before: State<T>, problem: Problem, tenant: string | undefined): State<T> {
  const isOver = before.tenant !== tenant || problem.code === 'not-found' || problem.code === 'forbidden';
  return { ...before, data: isOver ? undefined : before.data, problem, isLoading: false };
}

/** A network failure becomes `unavailable`, so that every notice has a title and a hint. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Error && error.name === 'Problem' && 'code' in error) return error as Problem;
  return new Problem('unavailable', { detail: error instanceof Error ? error.message : String(error), hint: 'Check your connection, then try again.' });
}
