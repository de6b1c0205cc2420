import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { ProblemNotice } from '../components/problem-notice';
import type { Pages } from '../hooks/use-pages';
import { useTexts } from '../platform/context';
import { formatAmount } from '../format';
import { nextSort, type Column, type Sort } from './column';
import { TableTools } from './table-tools';
import { rowAfter, rowByPrefix } from './table-keys';

export interface VirtualTableProps<Row> {
  /** What the rows are, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: Pages<Row>;
  readonly rowKey: (row: Row) => string;
  /** Enter or a double click. */
  readonly onOpen?: (row: Row) => void;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort | undefined) => void;
  /** Shown when there is no row at all. */
  readonly empty: React.ReactNode;
  /** Begins a drag of a row. */
  readonly onRowPointerDown?: (event: React.PointerEvent, row: Row) => void;
}

const rowHeight = 28;
const overscan = 12;
const loadAheadRows = 40;
const typeAheadMs = 700;

/** A table of any length: only the rows on the screen are in the page, further pages are fetched as one scrolls near them. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>): React.JSX.Element {
  const { columns, pages, rowKey } = props;
  const { rows, loadMore } = pages;
  const texts = useTexts();
  const [hidden, setHidden] = React.useState<ReadonlySet<string>>(() => new Set(columns.filter(column => column.isHidden).map(column => column.id)));
  const shown = columns.filter(column => !hidden.has(column.id));
  const scroller = React.useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  React.useEffect(() => {
    if (pages.hasMore && last >= rows.length - loadAheadRows) loadMore();
  }, [last, rows.length, pages.hasMore, pages.isLoading, loadMore]);
  const cursor = useRowCursor(props, shown, index => virtual.scrollToIndex(index));
  const prefix = React.useId();
  const template = shown.map(column => `minmax(${column.width}px, ${column.width}fr)`).join(' ');

  if (pages.problem !== undefined && rows.length === 0) return <ProblemNotice problem={pages.problem} onRetry={pages.reload} />;
  if (rows.length === 0 && !pages.isLoading) return <>{props.empty}</>;
  return (
    <div className="jp-Strata-table">
      <TableTools columns={columns} hidden={hidden} onHidden={setHidden} rows={rows} total={pages.total} hasMore={pages.hasMore} />
      <div
        className="jp-Strata-tableScroller"
        ref={scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={pages.hasMore ? (pages.total ?? -1) : rows.length + 1}
        aria-busy={pages.isLoading}
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? `${prefix}-${cursor.index}` : undefined}
        onKeyDown={cursor.onKeyDown}
      >
        <TableHead columns={shown} template={template} sort={props.sort} onSort={props.onSort} />
        {rows.length === 0 && <SkeletonRows />}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={rowKey(row)}
                id={`${prefix}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === cursor.index}
                className="jp-Strata-tableRow"
                style={{ transform: `translateY(${start}px)`, gridTemplateColumns: template }}
                onClick={() => cursor.moveTo(index)}
                onDoubleClick={() => props.onOpen?.(row)}
                onPointerDown={event => props.onRowPointerDown?.(event, row)}
              >
                {shown.map(column => (
                  <div key={column.id} role="gridcell" className={column.isNumber ? 'jp-mod-number' : undefined} title={column.text(row)}>
                    {column.render?.(row) ?? column.text(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {pages.isLoading && rows.length > 0 && <p className="jp-Strata-caption">{texts.__('Loading more; %1 so far', formatAmount(rows.length))}</p>}
        {pages.problem !== undefined && <ProblemNotice problem={pages.problem} onRetry={pages.reload} />}
      </div>
    </div>
  );
}

interface RowCursor {
  readonly index: number;
  readonly moveTo: (index: number) => void;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => void;
}

/** The row the keyboard is on: arrows, pages, Home, End, Enter, and letters that jump to the next row whose first column begins so. */
function useRowCursor<Row>(props: VirtualTableProps<Row>, shown: readonly Column<Row>[], reveal: (index: number) => void): RowCursor {
  const { rows } = props.pages;
  const [index, setIndex] = React.useState(0);
  const typed = React.useRef({ text: '', timeMs: 0 });
  const moveTo = (target: number): void => {
    setIndex(target);
    reveal(target);
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    const row = rows[index];
    if (event.key === 'Enter' && row !== undefined && event.target === event.currentTarget) {
      props.onOpen?.(row);
      return;
    }
    const target = rowAfter(event.key, index, rows.length, Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1));
    if (target !== undefined) {
      event.preventDefault();
      moveTo(target);
      return;
    }
    const isLetter = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isLetter || event.target !== event.currentTarget) return;
    const isContinued = event.timeStamp - typed.current.timeMs < typeAheadMs;
    typed.current = { text: isContinued ? typed.current.text + event.key : event.key, timeMs: event.timeStamp };
    const found = rowByPrefix(typed.current.text, index, rows.length, candidate => textAt(rows[candidate], shown[0]));
    if (found >= 0) moveTo(found);
  };
  return { index: Math.min(index, Math.max(0, rows.length - 1)), moveTo, onKeyDown };
}

function textAt<Row>(row: Row | undefined, column: Column<Row> | undefined): string {
  return row === undefined || column === undefined ? '' : column.text(row);
}

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort | undefined) => void) | undefined;
}

const arrows = { ascending: '▲', descending: '▼' } as const;

function TableHead<Row>({ columns, template, sort, onSort }: TableHeadProps<Row>): React.JSX.Element {
  return (
    <div role="rowgroup" className="jp-Strata-tableHead">
      <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {columns.map(column => {
          const direction = sort?.column === column.id ? sort.direction : undefined;
          const isSortable = column.isSortable === true && onSort !== undefined;
          return (
            <div key={column.id} role="columnheader" aria-sort={isSortable ? (direction ?? 'none') : undefined} className={column.isNumber ? 'jp-mod-number' : undefined}>
              {isSortable ? (
                <button onClick={() => onSort(nextSort(sort, column.id))}>
                  {column.label} <span aria-hidden="true">{direction === undefined ? '' : arrows[direction]}</span>
                </button>
              ) : (
                column.label
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const skeletonRowCount = 6;

function SkeletonRows(): React.JSX.Element {
  return (
    <div aria-hidden="true">
      {Array.from({ length: skeletonRowCount }, (_unused, index) => (
        <div key={index} className="jp-Strata-skeletonRow" />
      ))}
    </div>
  );
}
