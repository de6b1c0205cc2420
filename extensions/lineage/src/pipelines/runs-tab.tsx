import { formatUrn } from '@stratalab/contracts';
import type { RunSummary } from '@stratalab/contracts/pipelines';
import { EmptyState, shellCommands, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { durationText, runSentence, stateWords, triggerWords } from './run-words';
import { usePipelines } from './use-pipelines';

export interface RunsTabProps {
  readonly tenant: string;
  readonly pipeline: string;
  readonly onRun: () => void;
}

/** Runs of one pipeline, newest first. */
export function RunsTab({ tenant, pipeline, onRun }: RunsTabProps): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const client = usePipelines();
  const runs = usePages<RunSummary>(
    `pipeline-runs ${tenant} ${pipeline}`,
    ({ cursor, signal }) => client.listRuns({ params: { tenant }, query: { pipeline, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['pipeline-run.']
  );
  const open = (run: RunSummary): void => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant, kind: 'pipeline-run', name: run.id }) });
  const now = Date.now();
  const columns: readonly Column<RunSummary>[] = [
    {
      id: 'state',
      label: texts.__('State'),
      width: 220,
      text: run => `${stateWords(run.state, texts).label} ${runSentence(run, texts)}`,
      render: run => <StatusChip {...stateWords(run.state, texts)} sentence={runSentence(run, texts)} />
    },
    {
      id: 'asked',
      label: texts.__('Asked for'),
      width: 120,
      text: run => run.createdAt,
      render: run => (
        <button className="jp-Strata-link" onClick={() => open(run)}>
          <TimeAgo time={run.createdAt} />
        </button>
      )
    },
    { id: 'trigger', label: texts.__('Why'), width: 90, text: run => triggerWords(run.trigger, texts) },
    { id: 'by', label: texts.__('By'), width: 100, text: run => run.createdBy },
    { id: 'version', label: texts.__('Version'), width: 64, isNumber: true, text: run => String(run.version) },
    { id: 'duration', label: texts.__('Took'), width: 80, isNumber: true, text: run => durationText(run, now) },
    { id: 'slot', label: texts.__('Scheduled for'), width: 150, text: run => run.logicalDate ?? '', isHidden: true }
  ];
  return (
    <VirtualTable
      label={texts.__('Runs')}
      columns={columns}
      pages={runs}
      rowKey={run => run.id}
      onOpen={open}
      empty={<EmptyState text={texts.__('This pipeline has not run yet.')} action={{ label: texts.__('Run now'), onClick: onRun }} />}
    />
  );
}
