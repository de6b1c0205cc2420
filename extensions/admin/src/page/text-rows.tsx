import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { FieldNote } from './field';

export interface TextRowsProps {
  /** What each row is, for screen readers. */
  readonly label: string;
  readonly rows: readonly string[];
  readonly placeholder: string;
  readonly suggestions: readonly string[];
  readonly problem: string | undefined;
  readonly addLabel: string;
  readonly onChange: (rows: readonly string[]) => void;
}

/** Lines of text of any number, each completed from what is known already. */
export function TextRows({ label, rows, placeholder, suggestions, problem, addLabel, onChange }: TextRowsProps): React.JSX.Element {
  const list = React.useId();
  return (
    <div className="jp-Strata-fieldRows">
      <Suggestions id={list} values={suggestions} />
      {rows.map((row, index) => (
        <div key={index} className="jp-Strata-row">
          <input
            className="jp-mod-styled"
            list={list}
            aria-label={label}
            aria-invalid={problem !== undefined}
            placeholder={placeholder}
            spellCheck={false}
            value={row}
            autoFocus={row === ''}
            onChange={event => onChange(rows.map((other, at) => (at === index ? event.target.value : other)))}
          />
          <RemoveRow onClick={() => onChange(rows.filter((_row, at) => at !== index))} />
        </div>
      ))}
      <FieldNote problem={problem} />
      <button type="button" className="jp-Strata-link" onClick={() => onChange([...rows, ''])}>
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

export function RemoveRow({ onClick }: { readonly onClick: () => void }): React.JSX.Element {
  const texts = useTexts();
  return (
    <button type="button" className="jp-Strata-quiet" aria-label={texts.__('Remove')} title={texts.__('Remove')} onClick={onClick}>
      ✕
    </button>
  );
}
