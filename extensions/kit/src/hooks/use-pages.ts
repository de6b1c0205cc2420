import type { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { useSuite } from '../platform/context';
import { asProblem } from './use-query';
import { useReloadOnEvents } from './use-reload-on-events';

export interface Page<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  readonly total?: number | undefined;
}

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** Total where the service knows it. */
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly problem: Problem | undefined;
  /** Fetches the next page; does nothing while one is on its way or at the end. */
  readonly loadMore: () => void;
  readonly reload: () => void;
}

export type FetchPage<Row> = (request: { readonly tenant: string; readonly cursor: string | undefined; readonly signal: AbortSignal }) => Promise<Page<Row>>;

interface State<Row> {
  readonly rows: readonly Row[];
  readonly cursor: string | null | undefined;
  readonly total: number | undefined;
  readonly isLoading: boolean;
  readonly problem: Problem | undefined;
}

const settleMs = 300;

/**
 * A list that is fetched page by page. Starts again when `key` or the tenant changes; after the events of `refreshOn` it fetches its first page
 * again and keeps the old rows on the screen until the new ones are there.
 */
export function usePages<Row>(key: string, fetchPage: FetchPage<Row>, refreshOn: readonly string[] = []): Pages<Row> {
  const { stratalab } = useSuite();
  const [state, setState] = React.useState<State<Row>>({ rows: [], cursor: undefined, total: undefined, isLoading: true, problem: undefined });
  const [round, setRound] = React.useState(0);
  const latest = React.useRef({ fetchPage, state });
  latest.current = { fetchPage, state };
  const abort = React.useRef(new AbortController());

  const load = React.useCallback(
    async (cursor: string | undefined): Promise<void> => {
      const { signal } = abort.current;
      setState(before => ({ ...before, isLoading: true, problem: undefined }));
      try {
        const page = await latest.current.fetchPage({ tenant: await stratalab.tenant(), cursor, signal });
        if (signal.aborted) return;
        setState(before => ({
          rows: cursor === undefined ? page.items : [...before.rows, ...page.items],
          cursor: page.nextCursor,
          total: page.total,
          isLoading: false,
          problem: undefined
        }));
      } catch (error) {
        if (!signal.aborted) setState(before => ({ ...before, isLoading: false, problem: asProblem(error) }));
      }
    },
    [stratalab]
  );
  const shownKey = React.useRef(key);
  React.useEffect(() => {
    abort.current = new AbortController();
    if (shownKey.current !== key) setState(before => ({ ...before, rows: [], cursor: undefined, total: undefined }));
    shownKey.current = key;
    void load(undefined);
    const { current } = abort;
    return () => current.abort();
  }, [key, round, load]);

  const reload = React.useCallback(() => setRound(before => before + 1), []);
  const loadMore = React.useCallback(() => {
    const { isLoading, cursor, problem } = latest.current.state;
    if (!isLoading && problem === undefined && typeof cursor === 'string') void load(cursor);
  }, [load]);
  useReloadOnEvents({ prefixes: refreshOn, settleMs, isLoading: state.isLoading, reload });
  React.useEffect(() => {
    const onTenant = (): void => {
      setState(before => ({ ...before, rows: [], cursor: undefined, total: undefined }));
      reload();
    };
    stratalab.tenantChanged.connect(onTenant);
    return () => {
      stratalab.tenantChanged.disconnect(onTenant);
    };
  }, [stratalab, reload]);
  return { rows: state.rows, total: state.total, hasMore: typeof state.cursor === 'string', isLoading: state.isLoading, problem: state.problem, loadMore, reload };
}
