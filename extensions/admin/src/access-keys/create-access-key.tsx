import type { Permission } from '@stratalab/contracts';
import type { AccessKey, WhoAmI } from '@stratalab/contracts/control';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { SmallForm } from '../page/small-form';
import { useControl } from '../page/use-control';
import { grantableScopes, presetNames, presets, type Preset } from './scopes';

export interface CreateAccessKeyProps {
  readonly tenant: string;
  readonly who: WhoAmI;
  readonly onClose: () => void;
  readonly onCreated: (created: { readonly key: AccessKey; readonly secret: string }) => void;
}

const daySeconds = 86_400;
const lifetimesDays = [7, 30, 90, 365] as const;

/** A form for one key: a name, what it may do, and how long it lives. */
export function CreateAccessKey({ tenant, who, onClose, onCreated }: CreateAccessKeyProps): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const grantable = React.useMemo(() => grantableScopes(who, tenant), [who, tenant]);
  const [name, setName] = React.useState('');
  const [days, setDays] = React.useState<number>(lifetimesDays[2]);
  const [scopes, setScopes] = React.useState<ReadonlySet<Permission>>(() => new Set(presets['call-endpoints'].filter(scope => grantable.includes(scope))));
  const isReady = name.trim() !== '' && scopes.size > 0;
  const submit = async (): Promise<void> => {
    onCreated(await control.createAccessKey({ params: { tenant }, body: { name: name.trim(), scopes: [...scopes], expiresInSeconds: days * daySeconds } }));
  };
  return (
    <SmallForm label={texts.__('Create an access key')} verb={texts.__('Create')} busyVerb={texts.__('Creating…')} isReady={isReady} onSubmit={submit} onClose={onClose}>
      <label>
        {texts.__('Name')}
        <input className="jp-mod-styled" value={name} maxLength={100} autoFocus placeholder={texts.__('chat bot')} onChange={event => setName(event.target.value)} />
      </label>
      <label>
        {texts.__('Works for')}
        <select className="jp-mod-styled" value={days} onChange={event => setDays(Number(event.target.value))}>
          {lifetimesDays.map(lifetime => (
            <option key={lifetime} value={lifetime}>
              {texts.__('%1 days', String(lifetime))}
            </option>
          ))}
        </select>
      </label>
      <ScopeChoice grantable={grantable} scopes={scopes} onScopes={setScopes} />
    </SmallForm>
  );
}

interface ScopeChoiceProps {
  readonly grantable: readonly Permission[];
  readonly scopes: ReadonlySet<Permission>;
  readonly onScopes: (scopes: ReadonlySet<Permission>) => void;
}

function ScopeChoice({ grantable, scopes, onScopes }: ScopeChoiceProps): React.JSX.Element {
  const texts = useTexts();
  const labels: Readonly<Record<Preset, string>> = {
    'call-endpoints': texts.__('Call endpoints'),
    'ask-agents': texts.__('Ask agents'),
    track: texts.__('Track experiments'),
    'run-jobs': texts.__('Run jobs')
  };
  const toggle = (scope: Permission): void => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    onScopes(next);
  };
  const offered = presetNames.filter(preset => presets[preset].every(scope => grantable.includes(scope)));
  return (
    <fieldset className="jp-Strata-scopes">
      <legend>{texts.__('Scopes: what it may do, never more than you')}</legend>
      <div className="jp-Strata-row">
        {offered.map(preset => (
          <button key={preset} type="button" className="jp-Strata-chip" onClick={() => onScopes(new Set(presets[preset]))}>
            {labels[preset]}
          </button>
        ))}
      </div>
      <p className="jp-Strata-caption" aria-live="polite">
        {scopes.size === 0 ? texts.__('Choose at least one.') : texts.__('Chosen: %1', [...scopes].join(', '))}
      </p>
      <div className="jp-Strata-scopeList">
        {grantable.map(scope => (
          <label key={scope} className="jp-Strata-toggle">
            <input type="checkbox" checked={scopes.has(scope)} onChange={() => toggle(scope)} /> {scope}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
