import type { DocumentProblem } from '@stratalab/contracts/pipelines';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { DocumentDraft } from './document-edit';

export type Selection = { readonly kind: 'step'; readonly index: number } | { readonly kind: 'schedule' } | { readonly kind: 'document' };

export interface StepListProps {
  readonly draft: DocumentDraft;
  readonly problems: readonly DocumentProblem[];
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onAdd: () => void;
}

/** Parts of a document: its steps, its schedule and its text. */
export function StepList({ draft, problems, selection, onSelect, onAdd }: StepListProps): React.JSX.Element {
  const texts = useTexts();
  const badSteps = new Set(problems.filter(({ severity }) => severity === 'error').map(({ step }) => step));
  const hasBadSchedule = problems.some(({ path }) => path.startsWith('schedule'));
  return (
    <nav className="jp-Strata-stepList" aria-label={texts.__('Parts of the pipeline')}>
      <ol>
        {draft.steps.map((step, index) => (
          <li key={index}>
            <Part isOpen={selection.kind === 'step' && selection.index === index} isBad={badSteps.has(step.name)} onClick={() => onSelect({ kind: 'step', index })}>
              <span>{step.name === '' ? texts.__('no name yet') : step.name}</span>
              <span className="jp-Strata-caption">→ {step.output}</span>
            </Part>
          </li>
        ))}
      </ol>
      <button className="jp-Strata-link" disabled={draft.isBroken} onClick={onAdd}>
        {texts.__('Add a step')}
      </button>
      <hr />
      <Part isOpen={selection.kind === 'schedule'} isBad={hasBadSchedule} onClick={() => onSelect({ kind: 'schedule' })}>
        <span>{texts.__('Schedule')}</span>
        <span className="jp-Strata-caption jp-Strata-mono">{draft.schedule?.cron ?? texts.__('none')}</span>
      </Part>
      <Part isOpen={selection.kind === 'document'} isBad={draft.isBroken} onClick={() => onSelect({ kind: 'document' })}>
        <span>{texts.__('Document')}</span>
        <span className="jp-Strata-caption">YAML</span>
      </Part>
    </nav>
  );
}

function Part(props: { readonly isOpen: boolean; readonly isBad: boolean; readonly onClick: () => void; readonly children: React.ReactNode }): React.JSX.Element {
  const texts = useTexts();
  return (
    <button className="jp-Strata-part" aria-current={props.isOpen} onClick={props.onClick}>
      {props.children}
      {props.isBad && (
        <span className="jp-Strata-bad" title={texts.__('Has a problem')} aria-label={texts.__('Has a problem')}>
          ✕
        </span>
      )}
    </button>
  );
}
