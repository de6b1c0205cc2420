import { Rows, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { ImageDraft } from './profile-draft';

export interface ImageRowsProps {
  readonly rows: readonly ImageDraft[];
  readonly suggestions: readonly string[];
  readonly problem: string | undefined;
  readonly onChange: (rows: readonly ImageDraft[]) => void;
}

/** Images a workspace with this profile may run, each by digest; the first one by default. */
export function ImageRows(props: ImageRowsProps): React.JSX.Element {
  const texts = useTexts();
  const isInvalid = props.problem !== undefined;
  return (
    <Rows
      {...props}
      empty={{ displayName: '', image: '' }}
      hint={props.rows.length === 0 ? texts.__('The image of the installation, until one is added.') : undefined}
      addLabel={texts.__('Add an image')}
      rowClass="jp-Strata-imageRow"
      inputs={(row, change, list) => (
        <>
          <input
            className="jp-mod-styled"
            aria-label={texts.__('Name of the image')}
            aria-invalid={isInvalid}
            placeholder="PyTorch"
            maxLength={100}
            value={row.displayName}
            autoFocus={row.displayName === '' && row.image === ''}
            onChange={event => change({ ...row, displayName: event.target.value })}
          />
          <input
            className="jp-mod-styled"
            list={list}
            aria-label={texts.__('Image by digest')}
            aria-invalid={isInvalid}
            placeholder="registry.example/notebook@sha256:…"
            spellCheck={false}
            value={row.image}
            title={row.image}
            onChange={event => change({ ...row, image: event.target.value })}
          />
        </>
      )}
    />
  );
}
