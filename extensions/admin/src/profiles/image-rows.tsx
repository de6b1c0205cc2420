import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { FieldNote } from '../page/field';
import { RemoveRow, Suggestions } from '../page/text-rows';
import type { ImageDraft } from './profile-draft';

export interface ImageRowsProps {
  readonly rows: readonly ImageDraft[];
  readonly suggestions: readonly string[];
  readonly problem: string | undefined;
  readonly onChange: (rows: readonly ImageDraft[]) => void;
}

/** Images a workspace with this profile may run, each by digest; the first one by default. */
export function ImageRows({ rows, suggestions, problem, onChange }: ImageRowsProps): React.JSX.Element {
  const texts = useTexts();
  const list = React.useId();
  const change = (index: number, part: Partial<ImageDraft>): void => onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <div className="jp-Strata-fieldRows">
      <Suggestions id={list} values={suggestions} />
      {rows.map((row, index) => (
        <div key={index} className="jp-Strata-row jp-Strata-imageRow">
          <input
            className="jp-mod-styled"
            aria-label={texts.__('Name of the image')}
            aria-invalid={problem !== undefined}
            placeholder="PyTorch"
            maxLength={100}
            value={row.displayName}
            autoFocus={row.displayName === '' && row.image === ''}
            onChange={event => change(index, { displayName: event.target.value })}
          />
          <input
            className="jp-mod-styled"
            list={list}
            aria-label={texts.__('Image by digest')}
            aria-invalid={problem !== undefined}
            placeholder="registry.example/notebook@sha256:…"
            spellCheck={false}
            value={row.image}
            title={row.image}
            onChange={event => change(index, { image: event.target.value })}
          />
          <RemoveRow onClick={() => onChange(rows.filter((_row, at) => at !== index))} />
        </div>
      ))}
      <FieldNote problem={problem} hint={rows.length === 0 ? texts.__('The image of the installation, until one is added.') : undefined} />
      <button type="button" className="jp-Strata-link" onClick={() => onChange([...rows, { displayName: '', image: '' }])}>
        {texts.__('Add an image')}
      </button>
    </div>
  );
}
