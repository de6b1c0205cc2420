import type { DatasetSummary } from '@stratalab/contracts/catalog';
import { dataIcon, formatAmount, ProblemNotice, startCellDrag, useSuite, useTexts, type Pages } from '@stratalab/lab-kit';
import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { datasetCell } from '../code/snippets';
import { dataCommands } from '../commands/command-ids';

const rowHeight = 46;
const overscan = 8;
const loadAheadRows = 20;

export interface DatasetListProps {
  readonly pages: Pages<DatasetSummary>;
  readonly empty: React.ReactNode;
}

/** Datasets of any number, two lines each; arrows and Enter, or drag one into a notebook. */
export function DatasetList({ pages, empty }: DatasetListProps): React.JSX.Element {
  const { rows, loadMore } = pages;
  const { commands } = useSuite();
  const texts = useTexts();
  const scroller = React.useRef<HTMLDivElement>(null);
  const [at, setAt] = React.useState(0);
  const index = Math.min(at, Math.max(0, rows.length - 1));
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const prefix = React.useId();
  React.useEffect(() => {
    if (pages.hasMore && last >= rows.length - loadAheadRows) loadMore();
  }, [last, rows.length, pages.hasMore, pages.isLoading, loadMore]);
  const open = (row: DatasetSummary | undefined): void => {
    if (row !== undefined) void commands.execute(dataCommands.openDataset, { dataset: row.name });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: rows.length - 1 };
    const target = targets[event.key];
    if (event.key === 'Enter') open(rows[index]);
    if (target === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, target));
    setAt(next);
    virtual.scrollToIndex(next);
  };
  if (pages.problem !== undefined && rows.length === 0) return <ProblemNotice problem={pages.problem} onRetry={pages.reload} />;
  if (rows.length === 0 && !pages.isLoading) return <>{empty}</>;
  return (
    <div
      className="jp-Strata-dataList"
      ref={scroller}
      role="listbox"
      aria-label={texts.__('Datasets')}
      aria-busy={pages.isLoading}
      tabIndex={0}
      aria-activedescendant={rows.length > 0 ? `${prefix}-${index}` : undefined}
      onKeyDown={onKeyDown}
    >
      {rows.length === 0 && <SkeletonRows />}
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index: position, start }) => {
          const row = rows[position];
          return row === undefined ? null : (
            <div
              key={row.name}
              id={`${prefix}-${position}`}
              role="option"
              aria-selected={position === index}
              className="jp-Strata-dataRow"
              style={{ transform: `translateY(${start}px)`, height: rowHeight }}
              title={row.excerpt === '' ? row.name : row.excerpt}
              onClick={() => {
                setAt(position);
                open(row);
              }}
              onPointerDown={event => startDrag(event, row)}
            >
              <DatasetRow row={row} />
            </div>
          );
        })}
      </div>
      {pages.problem !== undefined && <ProblemNotice problem={pages.problem} onRetry={pages.reload} />}
    </div>
  );
}

function startDrag(event: React.PointerEvent, row: DatasetSummary): void {
  if (row.latestVersion === null || row.format === null) return;
  startCellDrag(event, { label: row.name, code: datasetCell({ dataset: row.name, version: row.latestVersion, format: row.format, fileCount: 1 }) });
}

function DatasetRow({ row }: { readonly row: DatasetSummary }): React.JSX.Element {
  const texts = useTexts();
  const facts = [
    row.format?.toUpperCase(),
    row.state === 'failed' ? texts.__('could not be read') : row.state === 'preparing' ? texts.__('being prepared') : undefined,
    row.rowCount === null ? undefined : texts._n('%2 row', '%2 rows', row.rowCount, formatAmount(row.rowCount)),
    row.columnCount === null ? undefined : texts._n('%2 column', '%2 columns', row.columnCount, formatAmount(row.columnCount))
  ].filter(fact => fact !== undefined);
  return (
    <>
      <dataIcon.react tag="span" width="16px" height="16px" />
      <span className="jp-Strata-dataName">
        <span>{row.name}</span>
        {row.contractState === 'failed' && (
          <span className="jp-Strata-dataMark jp-mod-bad" title={texts.__('The latest version breaks the contract')}>
            ▲
          </span>
        )}
        {row.isSample && <span className="jp-Strata-dataMark">{texts.__('sample')}</span>}
      </span>
      <span className="jp-Strata-dataFacts">{row.matchedColumns.length > 0 ? texts.__('Columns: %1', row.matchedColumns.join(', ')) : facts.join(' · ')}</span>
    </>
  );
}

const skeletonCount = 5;

function SkeletonRows(): React.JSX.Element {
  return (
    <div aria-hidden="true">
      {Array.from({ length: skeletonCount }, (_unused, index) => (
        <div key={index} className="jp-Strata-skeletonRow" style={{ height: rowHeight - 18 }} />
      ))}
    </div>
  );
}
