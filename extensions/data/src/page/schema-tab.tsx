import type { ColumnProfile, ColumnSchema, DatasetVersion, Profile, SchemaDrift } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, startCellDrag, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { columnCell } from '../code/snippets';
import { sourceOf } from './snippet-source';
import { staticPages } from './static-pages';

interface SchemaRow extends ColumnSchema {
  readonly profile: ColumnProfile | undefined;
  readonly drift: 'added' | 'retyped' | undefined;
}

/** Columns of a version with what is known of each; a row can be dragged into a notebook. */
export function SchemaTab({ version, profile }: { readonly version: DatasetVersion; readonly profile: Profile | undefined }): React.JSX.Element {
  const texts = useTexts();
  const [search, setSearch] = React.useState('');
  const rows = React.useMemo(() => rowsOf(version, profile), [version, profile]);
  const wanted = search.trim().toLowerCase();
  const shown = React.useMemo(() => staticPages(rows.filter(row => row.name.toLowerCase().includes(wanted) || row.type.toLowerCase() === wanted)), [rows, wanted]);
  const columns: readonly Column<SchemaRow>[] = [
    { id: 'name', label: texts.__('Column'), width: 180, text: row => row.name, render: row => <ColumnName row={row} /> },
    { id: 'type', label: texts.__('Type'), width: 110, text: row => row.type },
    { id: 'nulls', label: texts.__('Null'), width: 80, isNumber: true, text: row => nullShare(row.profile) },
    { id: 'distinct', label: texts.__('Distinct'), width: 80, isNumber: true, text: row => numberText(row.profile?.distinctCount) },
    { id: 'min', label: texts.__('Min'), width: 100, text: row => row.profile?.min ?? '' },
    { id: 'max', label: texts.__('Max'), width: 100, text: row => row.profile?.max ?? '' }
  ];
  const source = sourceOf(version);
  return (
    <div className="jp-Strata-stack jp-Strata-draggable">
      {version.drift !== null && <Drift drift={version.drift} />}
      <div className="jp-Strata-row">
        <input
          className="jp-mod-styled"
          type="search"
          value={search}
          placeholder={texts.__('Filter columns')}
          aria-label={texts.__('Filter columns')}
          onChange={event => setSearch(event.target.value)}
        />
        <span className="jp-Strata-caption">{texts.__('Drag a column into a notebook to look at it there.')}</span>
      </div>
      <VirtualTable
        label={texts.__('Columns')}
        columns={columns}
        pages={shown}
        rowKey={row => row.name}
        empty={<EmptyState text={search === '' ? texts.__('The columns are not known yet.') : texts.__('No column matches.')} />}
        onRowPointerDown={(event, row) => {
          if (source !== undefined) startCellDrag(event, { label: `${version.dataset}.${row.name}`, code: columnCell(source, row.name) });
        }}
      />
    </div>
  );
}

function ColumnName({ row }: { readonly row: SchemaRow }): React.JSX.Element {
  const texts = useTexts();
  return (
    <>
      <span className="jp-Strata-kind" aria-hidden="true">
        {marks[row.kind]}
      </span>
      {row.name}
      {row.drift !== undefined && <span className="jp-Strata-dataMark">{row.drift === 'added' ? texts.__('new') : texts.__('other type')}</span>}
    </>
  );
}

const marks: Readonly<Record<ColumnSchema['kind'], string>> = { number: '#', text: 'a', time: '◷', boolean: '◑', nested: '{}', other: '?' };

function Drift({ drift }: { readonly drift: SchemaDrift }): React.JSX.Element {
  const texts = useTexts();
  const parts = [
    ...(drift.added.length === 0 ? [] : [texts.__('new: %1', drift.added.join(', '))]),
    ...(drift.removed.length === 0 ? [] : [texts.__('gone: %1', drift.removed.join(', '))]),
    ...drift.retyped.map(({ name, from, to }) => texts.__('%1: %2 → %3', name, from, to))
  ];
  return (
    <p className={parts.length === 0 ? 'jp-Strata-caption' : 'jp-Strata-drift'}>
      {parts.length === 0 ? texts.__('Same columns as version %1.', drift.previousVersion) : texts.__('Since version %1: %2', drift.previousVersion, parts.join(' · '))}
    </p>
  );
}

function rowsOf(version: DatasetVersion, profile: Profile | undefined): readonly SchemaRow[] {
  const profiles = new Map(profile?.columns.map(column => [column.name, column]));
  const added = new Set(version.drift?.added);
  const retyped = new Set(version.drift?.retyped.map(({ name }) => name));
  return version.columns.map(column => ({
    ...column,
    profile: profiles.get(column.name),
    drift: added.has(column.name) ? 'added' : retyped.has(column.name) ? 'retyped' : undefined
  }));
}

function nullShare(profile: ColumnProfile | undefined): string {
  if (profile === undefined || profile.count === 0) return '';
  return `${formatAmount((100 * profile.nullCount) / profile.count)} %`;
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatAmount(value);
}
