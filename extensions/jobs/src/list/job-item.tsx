import type { JobSummary } from '@stratalab/contracts/compute';
import { shellCommands, StatusChip, TimeAgo, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { rememberName } from '../job/job-names';
import { ProgressBar } from '../job/progress-bar';
import { launcherWord, stateSentence, stateWord, toneOf } from '../state-words';

/** One job in the sidebar; a click opens its page. */
export function JobItem({ job, isOwnerShown }: { readonly job: JobSummary; readonly isOwnerShown: boolean }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const sentence = stateSentence(job, texts);
  React.useEffect(() => rememberName(job), [job]);
  return (
    <li>
      <button className="jp-Strata-item" onClick={() => void commands.execute(shellCommands.openObject, { urn: job.urn })}>
        <span className="jp-Strata-name">{job.name}</span>
        <span className="jp-Strata-caption">
          {isOwnerShown && <>{job.createdBy} · </>}
          {job.processes > 1 && <>{texts._n('%1 process', '%1 processes', job.processes)} · </>}
          {job.launcher !== 'python' && <>{launcherWord(job.launcher, texts)} · </>}
          <TimeAgo time={job.finishedAt ?? job.startedAt ?? job.createdAt} />
        </span>
      </button>
      <StatusChip tone={toneOf(job)} label={stateWord(job, texts)} />
      {job.state === 'running' && job.progress?.fraction !== null && job.progress !== null && <ProgressBar progress={job.progress} label={job.name} />}
      {sentence !== undefined && <span className="jp-Strata-caption jp-StrataJobs-why">{sentence}</span>}
    </li>
  );
}
