import type { PipelineSummary } from '@stratalab/contracts/pipelines';
import { EmptyState, shellCommands, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { lineageCommands } from './command-ids';
import { stateWords } from './run-words';
import { usePipelines } from './use-pipelines';

/** Section "Pipelines" of the sidebar: newest change first, each with its last run. */
export function PipelinesSection(): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const client = usePipelines();
  const [search, setSearch] = React.useState('');
  const pipelines = usePages<PipelineSummary>(
    `pipelines ${search}`,
    ({ tenant, cursor, signal }) =>
      client.listPipelines({ params: { tenant }, query: { ...(search.trim() === '' ? {} : { search: search.trim() }), ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['pipeline.', 'pipeline-run.finished', 'pipeline-run.changed']
  );
  const open = (pipeline: PipelineSummary): void => void commands.execute(shellCommands.openObject, { urn: pipeline.urn });
  const create = (): void => void commands.execute(lineageCommands.newPipeline);
  const columns: readonly Column<PipelineSummary>[] = [
    {
      id: 'name',
      label: texts.__('Name'),
      width: 96,
      text: ({ name }) => name,
      render: pipeline => (
        <button className="jp-Strata-link" title={pipeline.excerpt} onClick={() => open(pipeline)}>
          {pipeline.name}
        </button>
      )
    },
    {
      id: 'last',
      label: texts.__('Last run'),
      width: 124,
      text: ({ lastRun }) => (lastRun === null ? texts.__('never') : stateWords(lastRun.state, texts).label),
      render: ({ lastRun }) => (lastRun === null ? <span className="jp-Strata-caption">{texts.__('never')}</span> : <StatusChip {...stateWords(lastRun.state, texts)} />)
    },
    {
      id: 'when',
      label: texts.__('When'),
      width: 96,
      isHidden: true,
      text: ({ lastRun }) => lastRun?.createdAt ?? '',
      render: ({ lastRun }) => lastRun !== null && <TimeAgo time={lastRun.createdAt} />
    },
    { id: 'cron', label: texts.__('Schedule'), width: 90, isHidden: true, text: ({ cron, isPaused }) => (isPaused ? texts.__('paused') : (cron ?? '')) }
  ];
  return (
    <div className="jp-Strata-panel jp-Strata-sectionFill">
      <div className="jp-Strata-row jp-Strata-sectionTools">
        <input
          className="jp-mod-styled"
          type="search"
          aria-label={texts.__('Search pipelines')}
          placeholder={texts.__('Search pipelines')}
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
        <button className="jp-mod-styled" onClick={create}>
          {texts.__('New')}
        </button>
      </div>
      <VirtualTable
        label={texts.__('Pipelines')}
        columns={columns}
        pages={pipelines}
        rowKey={({ name }) => name}
        onOpen={open}
        empty={
          search.trim() === '' ? (
            <EmptyState
              text={texts.__('Pipelines turn datasets into new datasets, step by step, by hand or on a schedule.')}
              action={{ label: texts.__('New pipeline'), onClick: create }}
            />
          ) : (
            <EmptyState text={texts.__('No pipeline has this in its name or description.')} />
          )
        }
      />
    </div>
  );
}
