import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { SmallForm } from '../page/small-form';
import { useControl } from '../page/use-control';
import { isSlug, slugOf } from './slug';

/** A form for one tenant; it gets the default quotas of this machine. */
export function CreateTenant({ onClose, onCreated }: { readonly onClose: () => void; readonly onCreated: (name: string) => void }): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const [displayName, setDisplayName] = React.useState('');
  const [typedName, setName] = React.useState<string>();
  const name = typedName ?? slugOf(displayName);
  const isReady = isSlug(name) && displayName.trim() !== '';
  const submit = async (): Promise<void> => {
    await control.createTenant({ body: { name, displayName: displayName.trim() } });
    onCreated(name);
  };
  return (
    <SmallForm label={texts.__('Create a tenant')} verb={texts.__('Create')} busyVerb={texts.__('Creating…')} isReady={isReady} onSubmit={submit} onClose={onClose}>
      <label>
        {texts.__('Shown as')}
        <input
          className="jp-mod-styled"
          value={displayName}
          maxLength={100}
          autoFocus
          placeholder={texts.__('Vision team')}
          onChange={event => setDisplayName(event.target.value)}
        />
      </label>
      <label>
        {texts.__('Name')}
        <input
          className="jp-mod-styled"
          value={name}
          maxLength={63}
          placeholder="vision-team"
          spellCheck={false}
          aria-invalid={name !== '' && !isSlug(name)}
          onChange={event => setName(event.target.value)}
        />
      </label>
      <p className="jp-Strata-caption">
        {name !== '' && !isSlug(name)
          ? texts.__('Lower-case letters, digits and inner dashes only.')
          : texts.__('The name stands in every identifier and cannot be changed. The tenant begins with the default quotas.')}
      </p>
    </SmallForm>
  );
}
