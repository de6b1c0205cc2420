import type { Progress } from '@stratalab/contracts/compute';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { durationWords } from '../state-words';

const wholePercent = 100;

/** How far a job is, by its own word: a bar, what it says, and how long it will take. */
export function ProgressBar({ progress, label }: { readonly progress: Progress; readonly label: string }): React.JSX.Element {
  const texts = useTexts();
  const { fraction, message, etaSeconds } = progress;
  const percent = fraction === null ? undefined : Math.round(fraction * wholePercent);
  const words = [
    percent === undefined ? undefined : texts.__('%1 %', percent),
    message ?? undefined,
    etaSeconds === null || fraction === 1 ? undefined : texts.__('about %1 left', durationWords(etaSeconds, texts))
  ].filter((part): part is string => part !== undefined);
  return (
    <div className="jp-StrataJobs-progress">
      <div
        className="jp-StrataJobs-bar"
        role="progressbar"
        aria-label={texts.__('Progress of %1', label)}
        aria-valuemin={0}
        aria-valuemax={wholePercent}
        aria-valuenow={percent}
        aria-valuetext={words.join(', ')}
      >
        <span style={{ width: `${percent ?? 0}%` }} />
      </div>
      <span className="jp-Strata-caption">{words.join(' · ')}</span>
    </div>
  );
}
