import type { Resources } from '@stratalab/contracts/compute';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

export interface UsualAskFormProps {
  readonly ask: Resources;
  readonly onAsk: (ask: Resources) => void;
}

/** The size of a process by which the pool is judged: what was asked for most lately, or what is typed here. */
export function UsualAskForm({ ask, onAsk }: UsualAskFormProps): React.JSX.Element {
  const texts = useTexts();
  const fields = [
    { key: 'cpu', label: texts.__('Cores each'), min: 0.1, step: 0.1, max: 1024 },
    { key: 'memoryMiB', label: texts.__('MiB each'), min: 64, step: 64, max: 16_777_216 },
    { key: 'gpu', label: texts.__('GPUs each'), min: 0, step: 1, max: 64 }
  ] as const;
  return (
    <fieldset className="jp-Strata-row jp-Strata-usualAsk">
      <legend>{texts.__('Usual process')}</legend>
      {fields.map(({ key, label, min, max, step }) => (
        <label key={key}>
          {label}{' '}
          <input
            className="jp-mod-styled"
            type="number"
            defaultValue={ask[key]}
            {...{ min, max, step }}
            onChange={event => {
              const value = event.target.valueAsNumber;
              if (event.target.value !== '' && event.target.validity.valid) onAsk({ ...ask, [key]: value });
            }}
          />
        </label>
      ))}
    </fieldset>
  );
}
