import type { Profile } from '@stratalab/contracts/control';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { Field } from '../page/field';
import { SmallForm } from '../page/small-form';
import { useControl } from '../page/use-control';
import { ClusterFields } from './cluster-fields';
import type { Filling } from './filling';
import { draftOf, emptyDraft, inputOf, nameOf, problemsOf, type ProfileDraft } from './profile-draft';
import { TenantChoice } from './tenant-choice';
import type { Known } from './use-known';

export interface ProfileFormProps {
  /** The one to change; a new one unless given. */
  readonly profile?: Profile | undefined;
  /** Names that are taken. */
  readonly taken: readonly string[];
  readonly tenants: readonly string[];
  readonly known: Known;
  readonly onClose: () => void;
  readonly onSaved: (saved: Profile) => void;
}

/** The form of a profile: what people see, its size, who may use it, and where it runs on a cluster. Problems are said beside their fields. */
export function ProfileForm({ profile, taken, tenants, known, onClose, onSaved }: ProfileFormProps): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const form = React.useRef<HTMLDivElement>(null);
  const [draft, setDraft] = React.useState<ProfileDraft>(() => (profile === undefined ? emptyDraft : draftOf(profile)));
  const [isTried, setTried] = React.useState(false);
  const problems = new Map(problemsOf(draft, texts));
  if (profile === undefined && taken.includes(nameOf(draft))) problems.set('name', texts.__('There is a profile of this name'));
  const filling: Filling = {
    draft,
    change: part => setDraft(before => ({ ...before, ...part })),
    of: field => (isTried ? problems.get(field) : undefined)
  };
  React.useEffect(() => {
    if (isTried) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [isTried]);
  const submit = async (): Promise<void> => {
    if (problems.size > 0) {
      setTried(true);
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    } else onSaved(await control.putProfile({ params: { profile: nameOf(draft) }, body: inputOf(draft) }));
  };
  const label = profile === undefined ? texts.__('Create a profile') : texts.__('Change the profile %1', profile.displayName);
  return (
    <SmallForm
      label={label}
      className="jp-Strata-profileForm"
      verb={profile === undefined ? texts.__('Create') : texts.__('Save')}
      busyVerb={profile === undefined ? texts.__('Creating…') : texts.__('Saving…')}
      isReady
      onSubmit={submit}
      onClose={onClose}
    >
      <h3>{label}</h3>
      <div className="jp-Strata-profileColumns" ref={form} onKeyDown={keepOpenForList}>
        <div>
          <NameFields {...filling} isNew={profile === undefined} isOnlyDefault={profile?.isDefault === true} />
          <SizeFields {...filling} />
          <TenantChoice known={tenants} chosen={draft.tenants} problem={filling.of('tenants')} onChange={chosen => filling.change({ tenants: chosen })} />
        </div>
        <ClusterFields {...filling} known={known} />
      </div>
      {isTried && problems.size > 0 && <p role="alert">{texts.__('Some fields need another look.')}</p>}
    </SmallForm>
  );
}

/** Escape in a field that completes closes the list of suggestions; it must not take the form with it. */
function keepOpenForList(event: React.KeyboardEvent): void {
  if (event.key === 'Escape' && event.target instanceof HTMLInputElement && event.target.list !== null) event.stopPropagation();
}

function NameFields({ draft, change, of, isNew, isOnlyDefault }: Filling & { readonly isNew: boolean; readonly isOnlyDefault: boolean }): React.JSX.Element {
  const texts = useTexts();
  return (
    <fieldset className="jp-Strata-frame jp-Strata-fieldGroup">
      <legend>{texts.__('What people see')}</legend>
      <div className="jp-Strata-fieldPair">
        <Field label={texts.__('Shown as')} problem={of('displayName')}>
          <input
            className="jp-mod-styled"
            value={draft.displayName}
            maxLength={100}
            autoFocus
            placeholder={texts.__('Large with a GPU')}
            aria-invalid={of('displayName') !== undefined}
            onChange={event => change({ displayName: event.target.value })}
          />
        </Field>
        <Field label={texts.__('Name')} problem={of('name')} hint={isNew ? texts.__('It cannot be changed later.') : undefined}>
          <input
            className="jp-mod-styled"
            value={nameOf(draft)}
            maxLength={63}
            spellCheck={false}
            readOnly={!isNew}
            aria-invalid={of('name') !== undefined}
            onChange={event => change({ name: event.target.value })}
          />
        </Field>
      </div>
      <Field label={texts.__('Description')}>
        <input
          className="jp-mod-styled"
          value={draft.description}
          maxLength={300}
          placeholder={texts.__('What it is good for')}
          onChange={event => change({ description: event.target.value })}
        />
      </Field>
      <label className="jp-Strata-toggle">
        <input type="checkbox" checked={draft.isDefault} disabled={isOnlyDefault} onChange={event => change({ isDefault: event.target.checked })} />{' '}
        {texts.__('Default: for whoever does not choose')}
      </label>
      {isOnlyDefault && <span className="jp-Strata-caption">{texts.__('It stays the default until another profile becomes it.')}</span>}
    </fieldset>
  );
}

function SizeFields({ draft, change, of }: Filling): React.JSX.Element {
  const texts = useTexts();
  const fields = [
    { key: 'cpu', label: texts.__('Cores') },
    { key: 'memoryGiB', label: texts.__('Memory in GiB') },
    { key: 'gpuCount', label: texts.__('GPUs') }
  ] as const;
  return (
    <fieldset className="jp-Strata-frame jp-Strata-fieldGroup">
      <legend>{texts.__('Size')}</legend>
      <div className="jp-Strata-fieldTriple">
        {fields.map(({ key, label }) => (
          <Field key={key} label={label} problem={of(key)}>
            <input
              className="jp-mod-styled"
              inputMode="decimal"
              value={draft[key]}
              aria-invalid={of(key) !== undefined}
              onFocus={event => event.target.select()}
              onChange={event => change({ [key]: event.target.value })}
            />
          </Field>
        ))}
      </div>
      <span className="jp-Strata-caption">{texts.__('Taken from the quota of the tenant while a workspace runs.')}</span>
    </fieldset>
  );
}
