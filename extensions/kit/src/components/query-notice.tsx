import * as React from 'react';
import type { QueryState } from '../hooks/use-query';
import { ProblemNotice } from './problem-notice';

/**
 * What there is to say about a query: that its answer is on its way, or what went wrong, with a retry; nothing when all is well. It stands in the place of an answer that is
 * not there, and above one whose refresh failed.
 */
export function QueryNotice({ query }: { readonly query: Pick<QueryState<unknown>, 'data' | 'problem' | 'reload'> }): React.JSX.Element | null {
  if (query.problem !== undefined) return <ProblemNotice problem={query.problem} onRetry={query.reload} />;
  return query.data === undefined ? <div className="jp-Strata-skeleton" aria-busy="true" /> : null;
}
