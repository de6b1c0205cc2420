import { FieldNote, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

export interface TenantChoiceProps {
  /** Names of the tenants there are. */
  readonly known: readonly string[];
  /** null: every tenant. */
  readonly chosen: readonly string[] | null;
  readonly problem: string | undefined;
  readonly onChange: (chosen: readonly string[] | null) => void;
}

/** Which tenants may use a profile: every one, also those that come, or some by name. */
export function TenantChoice({ known, chosen, problem, onChange }: TenantChoiceProps): React.JSX.Element {
  const texts = useTexts();
  const group = React.useId();
  // One that was deleted or closed since stays in the list: it is a person's decision to take it out.
  const names = [...new Set([...known, ...(chosen ?? [])])].sort();
  const toggle = (name: string): void => onChange(chosen?.includes(name) === true ? chosen.filter(other => other !== name) : [...(chosen ?? []), name].sort());
  return (
    <fieldset className="jp-Strata-frame jp-Strata-fieldGroup">
      <legend>{texts.__('Who may use it')}</legend>
      <label className="jp-Strata-toggle">
        <input type="radio" name={group} checked={chosen === null} onChange={() => onChange(null)} /> {texts.__('Every tenant')}
      </label>
      <label className="jp-Strata-toggle">
        <input type="radio" name={group} checked={chosen !== null} onChange={() => onChange([])} /> {texts.__('Only these tenants')}
      </label>
      {chosen !== null && (
        <div className="jp-Strata-scopeList" role="group" aria-label={texts.__('Only these tenants')}>
          {names.map(name => (
            <label key={name} className="jp-Strata-toggle">
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} /> {name}
            </label>
          ))}
        </div>
      )}
      <FieldNote problem={problem} />
    </fieldset>
  );
}
