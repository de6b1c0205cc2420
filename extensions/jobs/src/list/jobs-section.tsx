import type { JobSummary } from '@stratalab/contracts/compute';
import { EmptyState, ProblemNotice, usePages, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { jobCommands } from '../command-ids';
import { useCompute } from '../use-compute';
import { JobItem } from './job-item';

const pageSize = 30;

/** Section of the sidebar: my jobs, or those of the whole tenant, the newest first, each with its state and why it waits. */
export function JobsSection(): React.JSX.Element {
  const { commands, stratalab } = useSuite();
  const texts = useTexts();
  const compute = useCompute();
  const [isMine, setMine] = React.useState(true);
  const me = useQuery('who runs jobs', () => stratalab.whoAmI());
  const subject = me.data?.subject;
  const jobs = usePages<JobSummary>(
    `jobs ${isMine ? (subject ?? '?') : 'all'}`,
    async ({ tenant, cursor, signal }) => {
      const createdBy = isMine ? (subject ?? (await stratalab.whoAmI()).subject) : undefined;
      const query = { limit: pageSize, ...(createdBy === undefined ? {} : { createdBy }), ...(cursor === undefined ? {} : { cursor }) };
      return compute.listJobs({ params: { tenant }, query }, { signal });
    },
    ['job.']
  );
  const run = (): void => void commands.execute(jobCommands.runJob);
  const isEmpty = jobs.rows.length === 0 && !jobs.isLoading && jobs.problem === undefined;
  return (
    <div className="jp-Strata-panel jp-StrataJobs-section">
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" onClick={run}>
          {texts.__('Run a job')}
        </button>
        <button className="jp-Strata-link" onClick={() => void commands.execute(jobCommands.showQueue)}>
          {texts.__('Queue')}
        </button>
        <span className="jp-Strata-spring" />
        <span role="radiogroup" aria-label={texts.__('Whose jobs')} className="jp-Strata-choice">
          <button role="radio" aria-checked={isMine} onClick={() => setMine(true)}>
            {texts.__('Mine')}
          </button>
          <button role="radio" aria-checked={!isMine} onClick={() => setMine(false)}>
            {texts.__('All')}
          </button>
        </span>
      </div>
      {jobs.problem !== undefined && <ProblemNotice problem={jobs.problem} onRetry={jobs.reload} />}
      {isEmpty && (
        <EmptyState text={isMine ? texts.__('You have run no jobs yet. Start with a sample, a file or a cell; it goes on when you close this tab.') : texts.__('No jobs yet.')} />
      )}
      {jobs.rows.length === 0 && jobs.isLoading && <div className="jp-Strata-skeleton" aria-busy="true" />}
      <ul className="jp-Strata-list jp-StrataJobs-list" aria-label={texts.__('Jobs')} aria-busy={jobs.isLoading}>
        {jobs.rows.map(job => (
          <JobItem key={job.id} job={job} isOwnerShown={!isMine} />
        ))}
      </ul>
      {jobs.hasMore && (
        <button className="jp-Strata-link" disabled={jobs.isLoading} onClick={jobs.loadMore}>
          {texts.__('Show more')}
        </button>
      )}
    </div>
  );
}
