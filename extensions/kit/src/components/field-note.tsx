import * as React from 'react';

export interface FieldNoteProps {
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  /** What it is for, when nothing is wrong. */
  readonly hint?: string | undefined;
}

/** The line below a control or a group of them. */
export function FieldNote({ problem, hint }: FieldNoteProps): React.JSX.Element | null {
  if (problem !== undefined)
    return (
      <span className="jp-Strata-fieldProblem" role="alert">
        {problem}
      </span>
    );
  return hint === undefined ? null : <span className="jp-Strata-caption">{hint}</span>;
}
