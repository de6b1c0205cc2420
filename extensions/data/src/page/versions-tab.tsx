import type { VersionSummary } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, formatBytes, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { dataCommands } from '../commands/command-ids';
import { useCatalog } from '../data-context';
import { versionStatus } from './state-chip';

const refreshOn = ['dataset.'] as const;

/** Every version of a dataset, newest first; Enter opens one. */
export function VersionsTab({ tenant, dataset }: { readonly tenant: string; readonly dataset: string }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const catalog = useCatalog();
  const pages = usePages<VersionSummary>(
    `versions ${tenant} ${dataset}`,
    ({ cursor, signal }) => catalog.listVersions({ params: { tenant, dataset }, query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    refreshOn
  );
  const origins = { upload: texts.__('upload'), folder: texts.__('folder'), output: texts.__('output of a job or pipeline'), sample: texts.__('sample') } as const;
  const columns: readonly Column<VersionSummary>[] = [
    { id: 'version', label: texts.__('Version'), width: 70, text: row => row.version },
    {
      id: 'state',
      label: texts.__('State'),
      width: 110,
      text: row => versionStatus(row, texts).label,
      render: row => <StatusChip tone={versionStatus(row, texts).tone} label={versionStatus(row, texts).label} />
    },
    { id: 'rows', label: texts.__('Rows'), width: 90, isNumber: true, text: row => (row.rowCount === null ? '' : formatAmount(row.rowCount)) },
    { id: 'size', label: texts.__('Size'), width: 80, isNumber: true, text: row => formatBytes(row.sizeBytes) },
    { id: 'created', label: texts.__('Created'), width: 110, text: row => row.createdAt, render: row => <TimeAgo time={row.createdAt} /> },
    { id: 'by', label: texts.__('By'), width: 100, text: row => row.createdBy },
    { id: 'origin', label: texts.__('From'), width: 140, text: row => (row.origin.path === null ? origins[row.origin.kind] : `${origins[row.origin.kind]} ${row.origin.path}`) }
  ];
  return (
    <VirtualTable
      label={texts.__('Versions')}
      columns={columns}
      pages={pages}
      rowKey={row => row.version}
      onOpen={row => void commands.execute(dataCommands.openDataset, { dataset, version: row.version })}
      empty={
        <EmptyState
          text={texts.__('There is no version yet.')}
          action={{ label: texts.__('Upload a file'), onClick: () => void commands.execute(dataCommands.upload, { dataset }) }}
        />
      }
    />
  );
}
