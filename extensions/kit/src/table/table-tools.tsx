import * as React from 'react';
import { formatAmount } from '../format';
import { useTexts } from '../platform/context';
import type { Column } from './column';
import { toCsv } from './csv';

export interface TableToolsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly hidden: ReadonlySet<string>;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
  readonly rows: readonly Row[];
  readonly total: number | undefined;
  readonly hasMore: boolean;
}

/** How many rows there are, which columns are shown, and copying what is loaded. */
export function TableTools<Row>({ columns, hidden, onHidden, rows, total, hasMore }: TableToolsProps<Row>): React.JSX.Element {
  const texts = useTexts();
  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id) && next.size < columns.length - 1) next.add(id);
    onHidden(next);
  };
  const count = total ?? rows.length;
  return (
    <div className="jp-Strata-row jp-Strata-tableTools">
      <span className="jp-Strata-caption">
        {hasMore && total === undefined ? texts.__('%1 rows so far', formatAmount(count)) : texts._n('%2 row', '%2 rows', count, formatAmount(count))}
      </span>
      <span className="jp-Strata-spring" />
      <details className="jp-Strata-menu">
        <summary>{texts.__('Columns')}</summary>
        <div className="jp-Strata-menuItems">
          {columns.map(column => (
            <label key={column.id}>
              <input type="checkbox" checked={!hidden.has(column.id)} onChange={() => toggle(column.id)} /> {column.label}
            </label>
          ))}
        </div>
      </details>
      <button
        className="jp-Strata-quiet"
        title={texts.__('Copy the %1 loaded rows', formatAmount(rows.length))}
        onClick={() =>
          void navigator.clipboard.writeText(
            toCsv(
              columns.filter(column => !hidden.has(column.id)),
              rows
            )
          )
        }
      >
        {texts.__('Copy as CSV')}
      </button>
    </div>
  );
}
