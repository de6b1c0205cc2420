import { Rows, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { JobDraft } from './job-draft';

interface DraftRowsProps<All> {
  readonly rows: All;
  readonly problem: string | undefined;
  readonly onChange: (rows: All) => void;
}

/** Datasets the job reads; each is mounted at `datasets/<name>@<version>`. */
export function DatasetRows({ rows, names, problem, onChange }: DraftRowsProps<JobDraft['datasets']> & { readonly names: readonly string[] }): React.JSX.Element {
  const texts = useTexts();
  return (
    <Rows
      rows={rows}
      empty={{ name: '', version: '' }}
      suggestions={names}
      problem={problem}
      addLabel={texts.__('Add a dataset')}
      onChange={onChange}
      inputs={(row, change, list) => (
        <>
          <input
            className="jp-mod-styled"
            list={list}
            placeholder={texts.__('Dataset')}
            aria-label={texts.__('Dataset')}
            value={row.name}
            onChange={event => change({ ...row, name: event.target.value })}
          />
          <input
            className="jp-mod-styled jp-StrataJobs-version"
            placeholder={texts.__('newest')}
            aria-label={texts.__('Version')}
            inputMode="numeric"
            value={row.version}
            onChange={event => change({ ...row, version: event.target.value })}
          />
        </>
      )}
    />
  );
}

/** Folders the job writes and what they become. */
export function OutputRows({ rows, problem, onChange }: DraftRowsProps<JobDraft['outputs']>): React.JSX.Element {
  const texts = useTexts();
  return (
    <Rows
      rows={rows}
      empty={{ name: 'result', kind: 'dataset', as: '' }}
      problem={problem}
      addLabel={texts.__('Add an output')}
      onChange={onChange}
      inputs={(row, change) => (
        <>
          <input
            className="jp-mod-styled"
            placeholder={texts.__('Folder')}
            aria-label={texts.__('Output folder')}
            value={row.name}
            onChange={event => change({ ...row, name: event.target.value })}
          />
          <select
            className="jp-mod-styled"
            aria-label={texts.__('Becomes')}
            value={row.kind}
            onChange={event => change({ ...row, kind: event.target.value === 'model' ? 'model' : 'dataset' })}
          >
            <option value="dataset">{texts.__('dataset')}</option>
            <option value="model">{texts.__('model')}</option>
          </select>
          <input
            className="jp-mod-styled"
            placeholder={texts.__('Name')}
            aria-label={texts.__('Name of what it becomes')}
            value={row.as}
            onChange={event => change({ ...row, as: event.target.value })}
          />
        </>
      )}
    />
  );
}
