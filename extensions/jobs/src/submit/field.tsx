import { FieldNote } from '@stratalab/lab-kit';
import * as React from 'react';

export interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  /** Takes the height that is left. */
  readonly isTall?: boolean;
  readonly children: React.ReactNode;
}

/** A label, its control, and what is wrong with it. */
export function Field({ label, problem, isTall = false, children }: FieldProps): React.JSX.Element {
  return (
    <label className={`jp-StrataJobs-field${isTall ? ' jp-mod-tall' : ''}`}>
      <span>{label}</span>
      {children}
      <FieldNote problem={problem} />
    </label>
  );
}

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | undefined;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, value, problem, onChange }: TextFieldProps): React.JSX.Element {
  return (
    <Field label={label} problem={problem}>
      <input className="jp-mod-styled" type="text" value={value} aria-invalid={problem !== undefined} onChange={event => onChange(event.target.value)} />
    </Field>
  );
}

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly step?: number;
  readonly problem?: string | undefined;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, value, minimum, step = 1, problem, onChange }: NumberFieldProps): React.JSX.Element {
  return (
    <Field label={label} problem={problem}>
      <input
        className="jp-mod-styled"
        type="number"
        min={minimum}
        step={step}
        value={Number.isNaN(value) ? '' : value}
        aria-invalid={problem !== undefined}
        onChange={event => onChange(event.target.valueAsNumber)}
      />
    </Field>
  );
}
