import type { Queue, RunningEntry } from '@stratalab/contracts/compute';
import { EmptyState, formatAmount, QueryNotice, shellCommands, TimeAgo, useQuery, useSuite, useTexts, VirtualTable, type Column, type Pages } from '@stratalab/lab-kit';
import * as React from 'react';
import { jobCommands } from '../command-ids';
import { resourceWords } from '../job/job-details';
import { stateWord } from '../state-words';
import { useCompute } from '../use-compute';
import { UseMeters } from './meters';
import { WaitingList } from './waiting-list';

/** The queue of the tenant: what it uses of its limits and of the pool, who waits in which order and why, what would start now, and what runs. */
export function QueuePage(): React.JSX.Element {
  const texts = useTexts();
  const compute = useCompute();
  const queue = useQuery('queue', (tenant, signal) => compute.getQueue({ params: { tenant } }, { signal }), { refreshOn: ['job.changed.', 'job.finished.', 'quota.'] });
  const { data } = queue;
  if (data === undefined) return <QueryNotice query={queue} />;
  return (
    <div className="jp-Strata-page jp-StrataJobs-queue">
      <header className="jp-Strata-row">
        <h2>{texts.__('Queue')}</h2>
        <span className="jp-Strata-spring" />
        <span className="jp-Strata-caption" role="status">
          {texts.__('%1, %2.', texts._n('%1 job of this tenant runs', '%1 jobs of this tenant run', data.running), texts._n('%1 waits', '%1 wait', data.waiting))}
        </span>
      </header>
      <QueryNotice query={queue} />
      <UseMeters queue={data} />
      <Waiting queue={data} />
      <Running queue={data} onReload={queue.reload} />
    </div>
  );
}

function Waiting({ queue }: { readonly queue: Queue }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const { items, waiting, free, total } = queue;
  return (
    <section>
      <h3>{texts.__('Waiting')}</h3>
      {items.length === 0 ? (
        <EmptyState
          text={texts.__('Nothing waits. %1 of %2 cores are free.', formatAmount(Math.max(0, free.cpu)), formatAmount(total.cpu))}
          action={{ label: texts.__('Run a job'), onClick: () => void commands.execute(jobCommands.runJob) }}
        />
      ) : (
        <WaitingList entries={items} />
      )}
      {waiting > items.length && <p className="jp-Strata-caption">{texts._n('%1 more job waits behind these.', '%1 more jobs wait behind these.', waiting - items.length)}</p>}
    </section>
  );
}

function Running({ queue, onReload }: { readonly queue: Queue; readonly onReload: () => void }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const rows = queue.runningJobs;
  const open = ({ urn }: RunningEntry): void => void commands.execute(shellCommands.openObject, { urn });
  const pages: Pages<RunningEntry> = { rows, total: queue.running, hasMore: false, isLoading: false, problem: undefined, loadMore: () => undefined, reload: onReload };
  const columns: readonly Column<RunningEntry>[] = [
    {
      id: 'name',
      label: texts.__('Job'),
      width: 160,
      text: entry => entry.name,
      render: entry => (
        <button className="jp-Strata-link" onClick={() => open(entry)}>
          {entry.name}
        </button>
      )
    },
    { id: 'owner', label: texts.__('Owner'), width: 100, text: entry => entry.createdBy },
    { id: 'state', label: texts.__('State'), width: 90, text: entry => stateWord({ ...entry, isCancelling: false, waitReason: null }, texts) },
    {
      id: 'since',
      label: texts.__('Since'),
      width: 110,
      text: entry => entry.startedAt ?? '',
      render: entry => (entry.startedAt === null ? '–' : <TimeAgo time={entry.startedAt} />)
    },
    { id: 'processes', label: texts.__('Processes'), width: 80, isNumber: true, text: entry => String(entry.processes) },
    { id: 'holds', label: texts.__('Holds'), width: 180, text: entry => resourceWords(entry.holds, texts) }
  ];
  return (
    <section className="jp-StrataJobs-running">
      <h3>{texts.__('Running')}</h3>
      <VirtualTable
        label={texts.__('Running jobs')}
        columns={columns}
        pages={pages}
        rowKey={entry => entry.id}
        onOpen={open}
        empty={<p className="jp-Strata-caption">{texts.__('No job of this tenant runs now.')}</p>}
      />
    </section>
  );
}
