import { FieldNote, type FieldNoteProps } from '@stratalab/lab-kit';
import * as React from 'react';

export interface FieldProps extends FieldNoteProps {
  readonly label: string;
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
