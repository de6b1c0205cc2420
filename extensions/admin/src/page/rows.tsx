import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { FieldNote } from './field';

export interface RowsProps<T> {
  readonly rows: readonly T[];
  /** What a row that is added begins as. */
  readonly empty: T;
  readonly suggestions: readonly string[];
  readonly problem: string | undefined;
  readonly hint?: string | undefined;
  readonly addLabel: string;
  readonly rowClass?: string;
  /** The inputs of one row; `list` is the id of the suggestions. */
  readonly inputs: (row: T, change: (row: T) => void, list: string) => React.ReactNode;
  readonly onChange: (rows: readonly T[]) => void;
}

/** Rows of inputs of any number, each completed from what is known already. */
export function Rows<T>({ rows, empty, suggestions, problem, hint, addLabel, rowClass = '', inputs, onChange }: RowsProps<T>): React.JSX.Element {
  const list = React.useId();
  return (
    <div className="jp-Strata-fieldRows">
      <Suggestions id={list} values={suggestions} />
      {rows.map((row, index) => (
        <div key={index} className={`jp-Strata-row ${rowClass}`}>
          {inputs(row, changed => onChange(rows.map((other, at) => (at === index ? changed : other))), list)}
          <RemoveRow onClick={() => onChange(rows.filter((_row, at) => at !== index))} />
        </div>
      ))}
      <FieldNote problem={problem} hint={hint} />
      <button type="button" className="jp-Strata-link" onClick={() => onChange([...rows, empty])}>
        {addLabel}
      </button>
    </div>
  );
}

export interface TextRowsProps extends Omit<RowsProps<string>, 'empty' | 'inputs' | 'hint' | 'rowClass'> {
  /** What each row is, for screen readers. */
  readonly label: string;
  readonly placeholder: string;
}

/** Lines of text. */
export function TextRows({ label, placeholder, ...rows }: TextRowsProps): React.JSX.Element {
  return (
    <Rows
      {...rows}
      empty=""
      inputs={(row, change, list) => (
        <input
          className="jp-mod-styled"
          list={list}
          aria-label={label}
          aria-invalid={rows.problem !== undefined}
          placeholder={placeholder}
          spellCheck={false}
          value={row}
          autoFocus={row === ''}
          onChange={event => change(event.target.value)}
        />
      )}
    />
  );
}

export function Suggestions({ id, values }: { readonly id: string; readonly values: readonly string[] }): React.JSX.Element {
  return (
    <datalist id={id}>
      {values.map(value => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}

function RemoveRow({ onClick }: { readonly onClick: () => void }): React.JSX.Element {
  const texts = useTexts();
  return (
    <button type="button" className="jp-Strata-quiet" aria-label={texts.__('Remove')} title={texts.__('Remove')} onClick={onClick}>
      ✕
    </button>
  );
}
