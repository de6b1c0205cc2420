import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { JobDraft } from './job-draft';

interface RowsProps<Rows> {
  readonly rows: Rows;
  readonly problem: string | undefined;
  readonly onChange: (rows: Rows) => void;
}

const replaced = <Row,>(rows: readonly Row[], at: number, row: Row): Row[] => rows.map((other, index) => (index === at ? row : other));
const without = <Row,>(rows: readonly Row[], at: number): Row[] => rows.filter((_row, index) => index !== at);

/** Datasets the job reads; each is mounted at `datasets/<name>@<version>`. */
export function DatasetRows({ rows, names, problem, onChange }: RowsProps<JobDraft['datasets']> & { readonly names: readonly string[] }): React.JSX.Element {
  const texts = useTexts();
  const list = React.useId();
  return (
    <div className="jp-StrataJobs-rows">
      <datalist id={list}>
        {names.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {rows.map((row, index) => (
        <div key={index} className="jp-Strata-row">
          <input
            className="jp-mod-styled"
            list={list}
            placeholder={texts.__('Dataset')}
            aria-label={texts.__('Dataset')}
            value={row.name}
            onChange={event => onChange(replaced(rows, index, { ...row, name: event.target.value }))}
          />
          <input
            className="jp-mod-styled jp-StrataJobs-version"
            placeholder={texts.__('newest')}
            aria-label={texts.__('Version')}
            inputMode="numeric"
            value={row.version}
            onChange={event => onChange(replaced(rows, index, { ...row, version: event.target.value }))}
          />
          <Remove onClick={() => onChange(without(rows, index))} />
        </div>
      ))}
      <RowsFoot problem={problem} label={texts.__('Add a dataset')} onAdd={() => onChange([...rows, { name: '', version: '' }])} />
    </div>
  );
}

/** Folders the job writes and what they become. */
export function OutputRows({ rows, problem, onChange }: RowsProps<JobDraft['outputs']>): React.JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-StrataJobs-rows">
      {rows.map((row, index) => (
        <div key={index} className="jp-Strata-row">
          <input
            className="jp-mod-styled"
            placeholder={texts.__('Folder')}
            aria-label={texts.__('Output folder')}
            value={row.name}
            onChange={event => onChange(replaced(rows, index, { ...row, name: event.target.value }))}
          />
          <select
            className="jp-mod-styled"
            aria-label={texts.__('Becomes')}
            value={row.kind}
            onChange={event => onChange(replaced(rows, index, { ...row, kind: event.target.value === 'model' ? 'model' : 'dataset' }))}
          >
            <option value="dataset">{texts.__('dataset')}</option>
            <option value="model">{texts.__('model')}</option>
          </select>
          <input
            className="jp-mod-styled"
            placeholder={texts.__('Name')}
            aria-label={texts.__('Name of what it becomes')}
            value={row.as}
            onChange={event => onChange(replaced(rows, index, { ...row, as: event.target.value }))}
          />
          <Remove onClick={() => onChange(without(rows, index))} />
        </div>
      ))}
      <RowsFoot problem={problem} label={texts.__('Add an output')} onAdd={() => onChange([...rows, { name: 'result', kind: 'dataset', as: '' }])} />
    </div>
  );
}

function Remove({ onClick }: { readonly onClick: () => void }): React.JSX.Element {
  const texts = useTexts();
  return (
    <button type="button" className="jp-Strata-quiet" aria-label={texts.__('Remove')} title={texts.__('Remove')} onClick={onClick}>
      ✕
    </button>
  );
}

function RowsFoot({ problem, label, onAdd }: { readonly problem: string | undefined; readonly label: string; readonly onAdd: () => void }): React.JSX.Element {
  return (
    <>
      {problem !== undefined && (
        <span className="jp-StrataJobs-fieldProblem" role="alert">
          {problem}
        </span>
      )}
      <button type="button" className="jp-Strata-link" onClick={onAdd}>
        {label}
      </button>
    </>
  );
}
