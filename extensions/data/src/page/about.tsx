import type { Problem } from '@stratalab/contracts';
import type { Dataset } from '@stratalab/contracts/catalog';
import { asProblem, ProblemNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useCatalog } from '../data-context';

export interface AboutProps {
  readonly tenant: string;
  readonly dataset: Dataset;
  readonly isEditing: boolean;
  readonly onDone: () => void;
}

/** What people say about a dataset: description and tags, changed where they stand. */
export function About({ tenant, dataset, isEditing, onDone }: AboutProps): React.JSX.Element {
  const texts = useTexts();
  if (isEditing) return <AboutForm tenant={tenant} dataset={dataset} onDone={onDone} />;
  return (
    <div className="jp-Strata-about">
      <p>{dataset.description === '' ? <span className="jp-Strata-caption">{texts.__('No description yet.')}</span> : dataset.description}</p>
      {dataset.tags.length > 0 && (
        <div className="jp-Strata-row">
          {dataset.tags.map(tag => (
            <span key={tag} className="jp-Strata-chip">
              {tag}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function AboutForm({ tenant, dataset, onDone }: Omit<AboutProps, 'isEditing'>): React.JSX.Element {
  const texts = useTexts();
  const catalog = useCatalog();
  const [description, setDescription] = React.useState(dataset.description);
  const [tags, setTags] = React.useState(dataset.tags.join(', '));
  const [problem, setProblem] = React.useState<Problem>();
  const [isSaving, setSaving] = React.useState(false);
  const save = async (): Promise<void> => {
    setSaving(true);
    try {
      const list = tags
        .split(',')
        .map(tag => tag.trim())
        .filter(tag => tag !== '');
      await catalog.updateDataset({ params: { tenant, dataset: dataset.name }, body: { description, tags: list } });
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
      setSaving(false);
    }
  };
  return (
    <form
      className="jp-Strata-fields"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={event => event.key === 'Escape' && onDone()}
    >
      <label>
        {texts.__('Description')}
        <textarea className="jp-mod-styled" rows={3} autoFocus value={description} onChange={event => setDescription(event.target.value)} />
      </label>
      <label>
        {texts.__('Tags, separated by commas')}
        <input className="jp-mod-styled" value={tags} onChange={event => setTags(event.target.value)} />
      </label>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div className="jp-Strata-row">
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={isSaving}>
          {texts.__('Save')}
        </button>
        <button type="button" className="jp-mod-styled" onClick={onDone}>
          {texts.__('Cancel')}
        </button>
      </div>
    </form>
  );
}
