import type { DocumentProblem, Validation } from '@stratalab/contracts/pipelines';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** What is wrong, with the place; a click leads there. */
export function ProblemsList({ validation, onShow }: { readonly validation: Validation | undefined; readonly onShow: (problem: DocumentProblem) => void }): React.JSX.Element {
  const texts = useTexts();
  if (validation === undefined) return <p className="jp-Strata-caption">{texts.__('Checking…')}</p>;
  if (validation.problems.length === 0) {
    return (
      <p className="jp-Strata-caption" role="status">
        <span className="jp-Strata-good" aria-hidden="true">
          ●
        </span>{' '}
        {texts.__('No problems: every step was checked against the datasets as they are now.')}
      </p>
    );
  }
  return (
    <ul className="jp-Strata-plainList jp-Strata-problems" aria-label={texts.__('Problems')}>
      {validation.problems.map(problem => (
        <li key={`${problem.path} ${problem.message}`}>
          <button className="jp-Strata-quiet" onClick={() => onShow(problem)}>
            <span className={problem.severity === 'error' ? 'jp-Strata-bad' : 'jp-Strata-warn'} aria-label={problem.severity === 'error' ? texts.__('Error') : texts.__('Warning')}>
              {problem.severity === 'error' ? '✕' : '▲'}
            </span>{' '}
            {problem.step !== null && <strong>{problem.step} </strong>}
            {problem.line !== null && <span className="jp-Strata-caption">{texts.__('line %1', problem.line)} </span>}
            {problem.message}
          </button>
        </li>
      ))}
    </ul>
  );
}
