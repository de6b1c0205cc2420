import type { FitEstimate } from '@stratalab/contracts/serving';
import { StatusChip, useTexts, type StatusTone } from '@stratalab/lab-kit';
import * as React from 'react';

const tones: Readonly<Record<FitEstimate['verdict'], StatusTone>> = { fits: 'good', 'fits-with-less': 'warn', 'does-not-fit': 'bad', 'cannot-serve': 'bad' };

/** Whether the model fits, with the memory it takes drawn beside what is in use. */
export function FitVerdict({ fit }: { readonly fit: FitEstimate }): React.JSX.Element {
  const texts = useTexts();
  const words: Readonly<Record<FitEstimate['verdict'], string>> = {
    fits: texts.__('Fits'),
    'fits-with-less': texts.__('Does not fit like this'),
    'does-not-fit': texts.__('Does not fit'),
    'cannot-serve': texts.__('Cannot be served')
  };
  return (
    <div className="jp-StrataServing-fit" aria-live="polite">
      <StatusChip tone={tones[fit.verdict]} label={words[fit.verdict]} />
      <p>{fit.message.replace(/^(Fits\.|Does not fit:) /, '')}</p>
      {fit.quota.memoryMiB.limit !== null && fit.quota.memoryMiB.requested > 0 && <MemoryBar {...fit.quota.memoryMiB} limit={fit.quota.memoryMiB.limit} />}
    </div>
  );
}

function MemoryBar({ limit, used, requested }: { readonly limit: number; readonly used: number; readonly requested: number }): React.JSX.Element {
  const texts = useTexts();
  const share = (value: number): string => `${Math.min(100, (value / Math.max(limit, used + requested)) * 100)}%`;
  const text = texts.__('Memory: %1 MiB in use, %2 MiB for this, %3 MiB in all', Math.round(used), Math.round(requested), Math.round(limit));
  return (
    <div className={`jp-Strata-meter${used + requested > limit ? ' jp-mod-full' : ''}`}>
      <div className="jp-Strata-meterBar" role="meter" aria-label={text} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={used + requested} title={text}>
        <span style={{ width: share(used) }} />
        <span className="jp-mod-reserved" style={{ width: share(requested) }} />
      </div>
      <span className="jp-Strata-caption">{text}</span>
    </div>
  );
}
