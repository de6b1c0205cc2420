import * as React from 'react';

export type StatusTone = 'neutral' | 'busy' | 'good' | 'warn' | 'bad';

const marks: Readonly<Record<StatusTone, string>> = { neutral: '○', busy: '◐', good: '●', warn: '▲', bad: '✕' };

/** State of an object: a word, a shape and a colour; the sentence says why it waits or failed. */
export function StatusChip({ tone, label, sentence }: { readonly tone: StatusTone; readonly label: string; readonly sentence?: string | undefined }): React.JSX.Element {
  return (
    <span className="jp-Strata-status">
      <span className={`jp-Strata-chip jp-mod-${tone}`}>
        <span aria-hidden="true">{marks[tone]}</span> {label}
      </span>
      {sentence !== undefined && sentence !== '' && <span className="jp-Strata-sentence">{sentence}</span>}
    </span>
  );
}
