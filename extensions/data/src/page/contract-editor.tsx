import type { Problem } from '@stratalab/contracts';
import { asProblem, ProblemNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

export interface ContractEditorProps {
  readonly document: string;
  readonly hasContract: boolean;
  readonly onSave: (document: string) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** The ODCS document of a dataset as text, with every place that is wrong below it. */
export function ContractEditor({ document, hasContract, onSave, onRemove, onClose }: ContractEditorProps): React.JSX.Element {
  const texts = useTexts();
  const [text, setText] = React.useState(document);
  const [problem, setProblem] = React.useState<Problem>();
  const [isBusy, setBusy] = React.useState(false);
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const errors = problem?.details.errors ?? [];
  return (
    <div className="jp-Strata-stack">
      <textarea
        className="jp-mod-styled jp-Strata-code"
        aria-label={texts.__('ODCS document of the contract')}
        spellCheck={false}
        rows={20}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {errors.length > 1 && (
        <ul className="jp-Strata-errors">
          {errors.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" disabled={isBusy} onClick={() => void act(() => onSave(text))}>
          {texts.__('Save and check')}
        </button>
        <button className="jp-mod-styled" onClick={onClose}>
          {texts.__('Cancel')}
        </button>
        <span className="jp-Strata-spring" />
        {hasContract && (
          <button className="jp-mod-styled jp-mod-minimal" disabled={isBusy} onClick={() => void act(onRemove)}>
            {texts.__('Remove the contract')}
          </button>
        )}
      </div>
    </div>
  );
}
