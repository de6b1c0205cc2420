import type { Urn } from '@stratalab/contracts';
import type { Job } from '@stratalab/contracts/compute';
import { jobIcon, ObjectPage, QueryNotice, useQuery, useSuite, useTexts, type ObjectAction } from '@stratalab/lab-kit';
import * as React from 'react';
import { jobCommands } from '../command-ids';
import { isOver, launcherWord, stateSentence, stateWord, toneOf } from '../state-words';
import { useCompute } from '../use-compute';
import { JobLineage } from './job-lineage';
import { JobDetails } from './job-details';
import { JobLog } from './job-log';
import { JobMetrics } from './job-metrics';
import { rememberName } from './job-names';
import { ProgressBar } from './progress-bar';
import { WaitNotice } from './wait-notice';

/** Page of a job: how it is and why, how far, what it says and measures, what it is made from and makes, and what to do next. */
export function JobPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const texts = useTexts();
  const compute = useCompute();
  const params = { tenant: urn.tenant, job: urn.name };
  const job = useQuery(`job ${urn.name}`, (_tenant, signal) => compute.getJob({ params }, { signal }), { refreshOn: ['job.'] });
  const actions = useActions(job.data, urn.tenant);
  React.useEffect(() => job.data && rememberName(job.data), [job.data]);
  if (job.data === undefined) return <QueryNotice query={job} />;
  const { data } = job;
  return (
    <ObjectPage
      query={job}
      icon={jobIcon}
      name={data.name}
      chips={[...(data.launcher === 'python' ? [] : [launcherWord(data.launcher, texts)]), ...(data.attempt > 1 ? [texts.__('attempt %1', data.attempt)] : [])]}
      status={{ tone: toneOf(data), label: stateWord(data, texts), sentence: stateSentence(data, texts) }}
      owner={data.createdBy}
      createdAt={data.createdAt}
      primary={actions.primary}
      more={actions.more}
      lineage={
        <>
          <JobLineage job={data} />
          {(data.state === 'queued' || data.waitReason !== null) && <WaitNotice tenant={urn.tenant} job={data} />}
          {!isOver(data) && data.progress !== null && data.progress.fraction !== null && <ProgressBar progress={data.progress} label={data.name} />}
          {data.outputs.some(({ problem }) => problem !== null) && <OutputProblems job={data} />}
        </>
      }
      tabs={[
        { id: 'log', label: texts.__('Log'), render: () => <JobLog tenant={urn.tenant} job={data} /> },
        { id: 'metrics', label: texts.__('Metrics'), count: data.progress?.metrics.length ?? 0, render: () => <JobMetrics tenant={urn.tenant} job={data} /> },
        { id: 'details', label: texts.__('Details'), render: () => <JobDetails job={data} /> },
        { id: 'code', label: texts.__('Code'), render: () => <JobCode job={data} /> }
      ]}
    />
  );
}

/** The one thing to do next: stop what runs, run again what is over. */
function useActions(job: Job | undefined, tenant: string): { readonly primary: ObjectAction | undefined; readonly more: readonly ObjectAction[] } {
  const { commands } = useSuite();
  const texts = useTexts();
  if (job === undefined) return { primary: undefined, more: [] };
  const execute = (command: string, args: { readonly [name: string]: string }) => (): void => void commands.execute(command, { ...args });
  const change: ObjectAction = { label: texts.__('Change and run'), onClick: execute(jobCommands.runJob, { from: job.id, tenant }) };
  const queue: ObjectAction = { label: texts.__('Show the queue'), onClick: execute(jobCommands.showQueue, {}) };
  if (isOver(job)) return { primary: { label: texts.__('Run again'), onClick: execute(jobCommands.retryJob, { job: job.id, tenant }) }, more: [change] };
  return {
    primary: { label: texts.__('Cancel the job'), isDisabled: job.isCancelling, onClick: execute(jobCommands.cancelJob, { job: job.id, name: job.name, tenant }) },
    more: [change, queue]
  };
}

function OutputProblems({ job }: { readonly job: Job }): React.JSX.Element {
  return (
    <ul className="jp-Strata-plainList">
      {job.outputs.flatMap(({ name, problem }) =>
        problem === null
          ? []
          : [
              <li key={name}>
                <strong>{name}</strong>: {problem}
              </li>
            ]
      )}
    </ul>
  );
}

function JobCode({ job }: { readonly job: Job }): React.JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-StrataJobs-code">
      <div className="jp-Strata-row jp-Strata-caption">
        <span>{job.code.fileName}</span>
        <span title={job.code.sha256}>{texts.__('SHA-256 %1', job.code.sha256.slice(0, 12))}</span>
      </div>
      <pre tabIndex={0}>
        <code>{job.code.text}</code>
      </pre>
    </div>
  );
}
