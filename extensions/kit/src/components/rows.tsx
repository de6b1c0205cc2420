import * as React from 'react';
import { useTexts } from '../platform/context';
import { FieldNote, type FieldNoteProps } from './field-note';

export interface RowsProps<Row> extends FieldNoteProps {
  readonly rows: readonly Row[];
  /** What a row that is added begins as. */
  readonly empty: Row;
  /** What the inputs are completed from. */
  readonly suggestions?: readonly string[];
  readonly addLabel: string;
  readonly rowClass?: string;
  /** The inputs of one row; `list` is the id of the suggestions. */
  readonly inputs: (row: Row, change: (row: Row) => void, list: string) => React.ReactNode;
  readonly onChange: (rows: readonly Row[]) => void;
}

/** Rows of inputs of any number. */
export function Rows<Row>({ rows, empty, suggestions = [], problem, hint, addLabel, rowClass = '', inputs, onChange }: RowsProps<Row>): React.JSX.Element {
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
