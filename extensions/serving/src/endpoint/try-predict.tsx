import type { Problem } from '@stratalab/contracts';
import { Problem as ProblemError } from '@stratalab/contracts';
import type { PredictInput } from '@stratalab/contracts/serving';
import { asProblem, ProblemNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useServing } from '../use-serving';

const example = `{
  "dataframe_split": {
    "columns": ["a", "b"],
    "data": [[1.0, 2.0]]
  }
}`;

/** Rows in, predictions out; the body is MLflow's scoring payload. */
export function TryPredict({ tenant, name }: { readonly tenant: string; readonly name: string }): React.JSX.Element {
  const texts = useTexts();
  const serving = useServing();
  const [rows, setRows] = React.useState(example);
  const [answer, setAnswer] = React.useState<string>();
  const [problem, setProblem] = React.useState<Problem>();
  const [isBusy, setBusy] = React.useState(false);
  const ask = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { predictions } = await serving.predict({ params: { tenant, endpoint: name }, body: parse(rows) });
      setAnswer(JSON.stringify(predictions, undefined, 2));
    } catch (error) {
      setProblem(error instanceof SyntaxError ? new ProblemError('invalid-input', { detail: texts.__('This is not JSON: %1', error.message) }) : asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="jp-StrataServing-chat">
      <label className="jp-StrataServing-rows">
        <span>{texts.__('Rows')}</span>
        <textarea className="jp-mod-styled" rows={8} spellCheck={false} value={rows} onChange={event => setRows(event.target.value)} />
      </label>
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" disabled={isBusy} onClick={() => void ask()}>
          {texts.__('Predict')}
        </button>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {answer !== undefined && (
        <pre className="jp-StrataServing-answer" aria-label={texts.__('Predictions')} tabIndex={0}>
          {answer}
        </pre>
      )}
    </div>
  );
}

/** The service checks the payload against its contract; here it only has to be JSON. */
function parse(text: string): PredictInput {
  return JSON.parse(text) as PredictInput;
}
