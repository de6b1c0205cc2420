import * as React from 'react';

export interface FieldProps {
  readonly label: string;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  /** What it is for, when nothing is wrong. */
  readonly hint?: string | undefined;
  readonly children: React.ReactElement<{ 'aria-describedby'?: string }>;
}

/** A label, its control, and below it what is wrong or what it is for: told with the control, but no part of its name. */
export function Field({ label, problem, hint, children }: FieldProps): React.JSX.Element {
  const note = React.useId();
  return (
    <div className="jp-Strata-adminField">
      <label>
        <span>{label}</span>
        {React.cloneElement(children, { 'aria-describedby': note })}
      </label>
      <span id={note}>
        <FieldNote problem={problem} hint={hint} />
      </span>
    </div>
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
