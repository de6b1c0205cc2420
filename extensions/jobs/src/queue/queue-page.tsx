import type { QueueEntry } from '@stratalab/contracts/compute';
import { EmptyState, formatAmount, Meter, ProblemNotice, shellCommands, useQuery, useSuite, useTexts, VirtualTable, type Column, type Pages } from '@stratalab/lab-kit';
import * as React from 'react';
import { jobCommands } from '../command-ids';
import { resourceWords } from '../job/job-details';
import { useCompute } from '../use-compute';

/** The queue: what is free, who waits in which order and why, and what would start each job now. */
export function QueuePage(): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const compute = useCompute();
  const queue = useQuery('queue', (tenant, signal) => compute.getQueue({ params: { tenant } }, { signal }), { refreshOn: ['job.changed.', 'quota.'] });
  const { data } = queue;
  if (data === undefined)
    return queue.problem === undefined ? <div className="jp-Strata-skeleton" aria-busy="true" /> : <ProblemNotice problem={queue.problem} onRetry={queue.reload} />;
  const { total, free, items, othersWaiting, running } = data;
  const pages: Pages<QueueEntry> = { rows: items, total: items.length, hasMore: false, isLoading: false, problem: undefined, loadMore: () => undefined, reload: queue.reload };
  const columns: readonly Column<QueueEntry>[] = [
    { id: 'place', label: texts.__('Place'), width: 56, isNumber: true, text: entry => String(entry.place) },
    { id: 'name', label: texts.__('Job'), width: 130, text: entry => entry.name },
    { id: 'owner', label: texts.__('Owner'), width: 90, text: entry => entry.createdBy },
    { id: 'needs', label: texts.__('Needs'), width: 120, text: entry => resourceWords(entry.needs, texts) },
    { id: 'reason', label: texts.__('Why it waits'), width: 300, text: entry => entry.waitReason },
    { id: 'if', label: texts.__('Would start now if'), width: 260, text: entry => entry.wouldStartIf ?? '–' },
    { id: 'priority', label: texts.__('Priority'), width: 70, isNumber: true, isHidden: true, text: entry => String(entry.priority) }
  ];
  const ran = texts._n('%1 job of this tenant runs', '%1 jobs of this tenant run', running);
  const waits = texts._n('%1 waits', '%1 wait', items.length);
  return (
    <div className="jp-Strata-page jp-StrataJobs-queue">
      <h2>{texts.__('Queue')}</h2>
      <p>
        {othersWaiting === 0
          ? texts.__('%1, %2.', ran, waits)
          : texts.__('%1, %2, %3.', ran, waits, texts._n('%1 job of other tenants waits too', '%1 jobs of other tenants wait too', othersWaiting))}
      </p>
      <div className="jp-StrataJobs-meters">
        <Meter label={texts.__('Cores of this machine')} unit={texts.__('cores')} used={total.cpu - free.cpu} reserved={0} limit={total.cpu} />
        <Meter label={texts.__('Memory')} unit={texts.__('MiB')} used={total.memoryMiB - free.memoryMiB} reserved={0} limit={total.memoryMiB} />
        {total.gpu > 0 && <Meter label={texts.__('GPUs')} unit={texts.__('GPUs')} used={total.gpu - free.gpu} reserved={0} limit={total.gpu} />}
      </div>
      <VirtualTable
        label={texts.__('Waiting jobs')}
        columns={columns}
        pages={pages}
        rowKey={entry => entry.id}
        onOpen={entry => void commands.execute(shellCommands.openObject, { urn: entry.urn })}
        empty={
          <EmptyState
            text={texts.__('Nothing waits. %1 of %2 cores are free.', formatAmount(free.cpu), formatAmount(total.cpu))}
            action={{ label: texts.__('Run a job'), onClick: () => void commands.execute(jobCommands.runJob) }}
          />
        }
      />
    </div>
  );
}
