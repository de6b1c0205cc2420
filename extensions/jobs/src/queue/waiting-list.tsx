import type { QueueEntry } from '@stratalab/contracts/compute';
import { shellCommands, StatusChip, TimeAgo, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { resourceWords } from '../job/job-details';
import { SmallerAskButton } from './smaller-ask-button';

type Texts = ReturnType<typeof useTexts>;

/** The waiting jobs in their order: each with why it waits, who is before it, and what would start now. */
export function WaitingList({ entries }: { readonly entries: readonly QueueEntry[] }): React.JSX.Element {
  const texts = useTexts();
  return (
    <ol className="jp-Strata-plainList jp-StrataJobs-waiting" aria-label={texts.__('Waiting jobs')}>
      {entries.map(entry => (
        <WaitingJob key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function WaitingJob({ entry }: { readonly entry: QueueEntry }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const ahead = aheadWords(entry, texts);
  return (
    <li>
      <span className="jp-StrataJobs-place" title={texts.__('Place %1 in the queue', entry.place)}>
        {entry.place}
      </span>
      <div>
        <div className="jp-Strata-row">
          <button className="jp-Strata-link" onClick={() => void commands.execute(shellCommands.openObject, { urn: entry.urn })}>
            {entry.name}
          </button>
          {entry.isOnCluster && <StatusChip tone="warn" label={texts.__('Held by the cluster')} />}
          <span className="jp-Strata-caption">
            {entry.createdBy} · <TimeAgo time={entry.createdAt} />
            {entry.priority !== 0 && <> · {texts.__('priority %1', entry.priority)}</>}
          </span>
        </div>
        <p className="jp-Strata-caption">{asksWords(entry, texts)}</p>
        <p>{entry.waitReason}</p>
        {ahead !== undefined && <p className="jp-Strata-caption">{ahead}</p>}
        {entry.smallerAsk !== null ? (
          <SmallerAskButton job={entry.id} asked={entry} smaller={entry.smallerAsk} />
        ) : (
          entry.wouldStartIf !== null && <p className="jp-Strata-caption">{texts.__('It would start now if %1.', entry.wouldStartIf)}</p>
        )}
      </div>
    </li>
  );
}

/** "4 processes with 1 core, 1 GiB each: 4 cores, 4 GiB in all". */
function asksWords({ processes, resourcesPerProcess, needs }: QueueEntry, texts: Texts): string {
  if (processes === 1) return texts.__('Asks for %1', resourceWords(needs, texts));
  return texts.__('Asks for %1 processes with %2 each: %3 in all', processes, resourceWords(resourcesPerProcess, texts), resourceWords(needs, texts));
}

/** Who is before it: jobs of the tenant by name, those of others as a number. */
function aheadWords({ ahead }: QueueEntry, texts: Texts): string | undefined {
  if (ahead.own + ahead.others === 0) return undefined;
  const unnamed = ahead.own - ahead.firstOwn.length;
  const named = unnamed === 0 ? ahead.firstOwn.join(', ') : texts.__('%1 and %2 more', ahead.firstOwn.join(', '), unnamed);
  const others = texts._n('%1 job of another tenant', '%1 jobs of other tenants', ahead.others);
  const who = ahead.others === 0 ? named : ahead.own === 0 ? others : texts.__('%1; %2', named, others);
  return texts.__('Before it: %1. In all they need %2.', who, resourceWords(ahead.needs, texts));
}
