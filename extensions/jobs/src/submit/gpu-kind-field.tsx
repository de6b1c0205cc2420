import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { Field } from './field';

export interface GpuKindFieldProps {
  /** Empty: any. */
  readonly value: string;
  readonly offered: readonly string[];
  readonly onChange: (kind: string) => void;
}

/** Which kind of GPU; nothing to choose where all are alike. A kind that a saved job names stays in sight when it is offered no longer. */
export function GpuKindField({ value, offered, onChange }: GpuKindFieldProps): React.JSX.Element | null {
  const texts = useTexts();
  if (offered.length === 0 && value === '') return null;
  const isOffered = value === '' || offered.includes(value);
  return (
    <Field label={texts.__('Kind of GPU')} problem={isOffered ? undefined : texts.__('It is offered no longer')}>
      <select className="jp-mod-styled" value={value} aria-invalid={!isOffered} onChange={event => onChange(event.target.value)}>
        <option value="">{texts.__('any')}</option>
        {[...offered, ...(isOffered ? [] : [value])].map(kind => (
          <option key={kind} value={kind}>
            {kind}
          </option>
        ))}
      </select>
    </Field>
  );
}
