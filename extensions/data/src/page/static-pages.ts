import type { Pages } from '@stratalab/lab-kit';

const nothing = (): void => undefined;

/** Rows that are all here, for a table that expects pages. */
export function staticPages<Row>(rows: readonly Row[]): Pages<Row> {
  return { rows, total: rows.length, hasMore: false, isLoading: false, problem: undefined, loadMore: nothing, reload: nothing };
}
