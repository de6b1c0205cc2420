import type { SmallerAsk } from '@stratalab/contracts/compute';
import { useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { jobCommands } from '../command-ids';
import { askWords, insteadOf, type Ask } from './ask-words';

/** Opens the same job with what would start now; the waiting one leaves the queue when that is sent. */
export function SmallerAskButton({
  job,
  tenant,
  asked,
  smaller
}: {
  readonly job: string;
  readonly tenant?: string;
  readonly asked: Ask;
  readonly smaller: SmallerAsk;
}): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const args = { ...insteadOf(job, smaller), ...(tenant === undefined ? {} : { tenant }) };
  return (
    <button
      className="jp-mod-styled jp-mod-minimal jp-StrataJobs-smaller"
      title={texts.__('Opens the same job with this ask. When you run it, the one that waits is cancelled.')}
      onClick={() => void commands.execute(jobCommands.runJob, args)}
    >
      {texts.__('Start now with %1', askWords(smaller, asked, texts))}
    </button>
  );
}
