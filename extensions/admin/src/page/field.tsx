import * as React from 'react';

export interface FieldProps {
  readonly label: string;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  /** What it is for, when nothing is wrong. */
  readonly hint?: string | undefined;
  readonly children: React.ReactNode;
}

/** A label, its control, and below it what is wrong or what it is for. */
export function Field({ label, problem, hint, children }: FieldProps): React.JSX.Element {
  return (
    <label className="jp-Strata-field">
      <span>{label}</span>
      {children}
      <FieldNote problem={problem} hint={hint} />
    </label>
  );
}

/** The line below a control or a group of them. */
export function FieldNote({ problem, hint }: Pick<FieldProps, 'problem' | 'hint'>): React.JSX.Element | null {
  if (problem !== undefined)
    return (
      <span className="jp-Strata-fieldProblem" role="alert">
        {problem}
      </span>
    );
  return hint === undefined ? null : <span className="jp-Strata-caption">{hint}</span>;
}
