import type { IEditorServices } from '@jupyterlab/codeeditor';
import { formatUrn } from '@stratalab/contracts';
import type { ValidatedStep } from '@stratalab/contracts/pipelines';
import { shellCommands, useSuite, useTenant, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { StepDraft } from './document-edit';
import { SqlEditor } from './sql-editor';

export interface StepFormProps {
  readonly index: number;
  readonly step: StepDraft;
  readonly validated: ValidatedStep | undefined;
  readonly services: IEditorServices;
  readonly place: { readonly line: number; readonly column: number } | undefined;
  readonly isOnly: boolean;
  readonly onField: (field: keyof StepDraft, value: string) => void;
  readonly onRemove: () => void;
  readonly onPreview: () => void;
  readonly isPreviewing: boolean;
}

/** One step: what it is called, its SQL, what it reads and what it makes. */
export function StepForm(props: StepFormProps): React.JSX.Element {
  const { step, validated, onField } = props;
  const texts = useTexts();
  return (
    <>
      <div className="jp-Strata-row jp-Strata-stepFields">
        <label>
          {texts.__('Step')}
          <input className="jp-mod-styled" value={step.name} spellCheck={false} onChange={event => onField('name', event.target.value)} />
        </label>
        <label>
          {texts.__('Makes the dataset')}
          <input className="jp-mod-styled" value={step.output} spellCheck={false} onChange={event => onField('output', event.target.value)} />
        </label>
        <span className="jp-Strata-spring" />
        <button className="jp-mod-styled" disabled={props.isPreviewing} onClick={props.onPreview}>
          {props.isPreviewing ? texts.__('Running…') : texts.__('Preview rows')}
        </button>
        <button className="jp-mod-styled jp-mod-minimal" disabled={props.isOnly} title={props.isOnly ? texts.__('A pipeline needs a step') : undefined} onClick={props.onRemove}>
          {texts.__('Remove')}
        </button>
      </div>
      <SqlEditor
        services={props.services}
        value={step.sql}
        mimeType="text/x-sql"
        label={texts.__('SQL of the step %1', step.name)}
        onChange={value => onField('sql', value)}
        place={props.place}
      />
      <Reads validated={validated} />
    </>
  );
}

/** The datasets found in the SQL. */
function Reads({ validated }: { readonly validated: ValidatedStep | undefined }): React.JSX.Element {
  const texts = useTexts();
  const { commands } = useSuite();
  const tenant = useTenant();
  return (
    <p className="jp-Strata-caption jp-Strata-reads">
      {texts.__('Reads')} {validated === undefined && '…'}
      {validated?.inputs.length === 0 && texts.__('no dataset')}
      {validated?.inputs.map(({ name, version, isProduced }) =>
        isProduced || tenant === undefined ? (
          <span key={name} className="jp-Strata-chip" title={texts.__('Made by a step before')}>
            {name}
          </span>
        ) : (
          <button
            key={name}
            className="jp-Strata-link"
            onClick={() => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant, kind: 'dataset', name, ...(version === null ? {} : { version }) }) })}
          >
            {version === null ? name : `${name}@${version}`}
          </button>
        )
      )}
    </p>
  );
}
