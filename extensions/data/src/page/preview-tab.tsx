import type { ColumnSchema, DatasetVersion } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, usePages, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { useCatalog } from '../data-context';
import { cellText } from './cell-text';

interface PreviewRow {
  readonly position: number;
  readonly cells: readonly unknown[];
}

const pageRows = 100;
const widestColumns = 100;

/** Rows of a version, fetched as one scrolls; of a wide table the first hundred columns, or those that match. */
export function PreviewTab({ tenant, version }: { readonly tenant: string; readonly version: DatasetVersion }): React.JSX.Element {
  const texts = useTexts();
  const catalog = useCatalog();
  const [search, setSearch] = React.useState('');
  const wanted = search.trim().toLowerCase();
  const isWide = version.columns.length > widestColumns;
  const chosen = version.columns.filter(column => column.name.toLowerCase().includes(wanted)).slice(0, widestColumns);
  const names = chosen.map(column => column.name);
  const params = { tenant, dataset: version.dataset, version: version.version };
  const isProjected = names.length < version.columns.length;
  const pages = usePages<PreviewRow>(`rows ${version.urn} ${isProjected ? names.join('\u0000') : ''}`, async ({ cursor, signal }) => {
    const offset = Number(cursor ?? 0);
    const page = await catalog.previewVersion({ params, query: { offset, limit: pageRows, ...(isProjected ? { columns: names } : {}) } }, { signal });
    const end = offset + page.rows.length;
    const hasMore = page.rows.length > 0 && (page.rowCount === null || end < page.rowCount);
    return {
      items: page.rows.map((cells, index) => ({ position: offset + index, cells })),
      nextCursor: hasMore ? String(end) : null,
      ...(page.rowCount === null ? {} : { total: page.rowCount })
    };
  });
  if (version.state !== 'ready') return <EmptyState text={texts.__('Rows can be seen as soon as the version is ready.')} />;
  return (
    <div className="jp-Strata-stack">
      {isWide && (
        <div className="jp-Strata-row">
          <input
            className="jp-mod-styled"
            type="search"
            value={search}
            placeholder={texts.__('Filter columns')}
            aria-label={texts.__('Filter columns')}
            onChange={event => setSearch(event.target.value)}
          />
          <span className="jp-Strata-caption">{texts.__('%1 of %2 columns', formatAmount(names.length), formatAmount(version.columns.length))}</span>
        </div>
      )}
      <VirtualTable
        key={isProjected ? names.join('\u0000') : 'all'}
        label={texts.__('Rows of %1', version.dataset)}
        columns={[rowNumber(texts.__('Row')), ...chosen.map(columnOf)]}
        pages={pages}
        rowKey={row => String(row.position)}
        empty={<EmptyState text={texts.__('This version has no rows.')} />}
      />
    </div>
  );
}

function rowNumber(label: string): Column<PreviewRow> {
  return { id: '\u0000row', label, width: 64, isNumber: true, text: row => formatAmount(row.position + 1) };
}

function columnOf(column: ColumnSchema, index: number): Column<PreviewRow> {
  return {
    id: column.name,
    label: column.name,
    width: Math.min(220, Math.max(90, column.name.length * 9)),
    isNumber: column.kind === 'number',
    text: row => cellText(row.cells[index]),
    render: row => (row.cells[index] === null ? <span className="jp-Strata-null">null</span> : cellText(row.cells[index]))
  };
}
