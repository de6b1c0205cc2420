import { Rows, type RowsProps } from '@stratalab/lab-kit';
import * as React from 'react';

export interface TextRowsProps extends Omit<RowsProps<string>, 'empty' | 'inputs'> {
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
