import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { useSuite } from '../platform/context';
import { useReloadOnEvents } from './use-reload-on-events';

export interface QueryState<T> {
  /** The last good answer; kept while a newer one is fetched. */
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

const settleMs = 150;

/**
 * Fetches for a component: aborts when it goes away or `key` changes, fetches again on the named events and when the tenant changes,
 * and keeps showing the old answer meanwhile.
 */
export function useQuery<T>(key: string, fetcher: (tenant: string, signal: AbortSignal) => Promise<T>, options: QueryOptions = {}): QueryState<T> {
  const { stratalab } = useSuite();
  const [state, setState] = React.useState<{ key: string; data: T | undefined; problem: Problem | undefined; isLoading: boolean }>({
    key,
    data: undefined,
    problem: undefined,
    isLoading: true
  });
  const [round, setRound] = React.useState(0);
  const latest = React.useRef(fetcher);
  latest.current = fetcher;
  const isEnabled = options.isEnabled ?? true;

  React.useEffect(() => {
    if (!isEnabled) return undefined;
    const abort = new AbortController();
    setState(before => ({ key, data: before.key === key ? before.data : undefined, problem: undefined, isLoading: true }));
    stratalab
      .tenant()
      .then(tenant => latest.current(tenant, abort.signal))
      .then(
        data => !abort.signal.aborted && setState({ key, data, problem: undefined, isLoading: false }),
        (error: unknown) => !abort.signal.aborted && setState(before => ({ ...before, problem: asProblem(error), isLoading: false }))
      );
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

/** A network failure becomes `unavailable`, so that every notice has a title and a hint. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Error && error.name === 'Problem' && 'code' in error) return error as Problem;
  return new Problem('unavailable', { detail: error instanceof Error ? error.message : String(error), hint: 'Check your connection, then try again.' });
}
