import * as React from 'react';

export type StatusTone = 'neutral' | 'busy' | 'good' | 'warn' | 'bad';

const marks: Readonly<Record<StatusTone, string>> = { neutral: '○', busy: '◐', good: '●', warn: '▲', bad: '✕' };

export interface StatusChipProps {
  readonly tone: StatusTone;
  readonly label: string;
  readonly sentence?: string | undefined;
}

/** State of an object: a word, a shape and a colour; the sentence says why it waits or failed. */
export function StatusChip({ tone, label, sentence }: StatusChipProps): React.JSX.Element {
  return (
    <span className="jp-Strata-status">
      <span className={`jp-Strata-chip jp-mod-${tone}`}>
        <span aria-hidden="true">{marks[tone]}</span> {label}
      </span>
      {sentence !== undefined && sentence !== '' && <WaitSentence text={sentence} />}
    </span>
  );
}

/** Why something waits, in plain words; announced when it changes. */
export function WaitSentence({ text }: { readonly text: string }): React.JSX.Element {
  return (
    <span className="jp-Strata-sentence" aria-live="polite">
      {text}
    </span>
  );
}
