import type * as React from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** Share of the width, in pixels at the smallest. */
  readonly width: number;
  /** Plain text of a cell: for CSV, type-ahead and, without `render`, the screen. */
  readonly text: (row: Row) => string;
  readonly render?: (row: Row) => React.ReactNode;
  readonly isNumber?: boolean;
  /** The service can sort by it. */
  readonly isSortable?: boolean;
  /** Not shown until somebody picks it. */
  readonly isHidden?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** The sort after a click on a column head: ascending, descending, none. */
export function nextSort(current: Sort | undefined, column: string): Sort | undefined {
  if (current?.column !== column) return { column, direction: 'ascending' };
  return current.direction === 'ascending' ? { column, direction: 'descending' } : undefined;
}
