import { isRole, roles, type Role } from '@stratalab/contracts';
import type { Member } from '@stratalab/contracts/control';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { roleText } from '../page/names';
import { SmallForm } from '../page/small-form';

/** User names as the Hub takes them. */
const userPattern = /^[a-z0-9][a-z0-9._@+-]{0,99}$/;

/** A form for one person and their role. */
export function AddMember({ onClose, onAdd }: { readonly onClose: () => void; readonly onAdd: (member: Member) => Promise<void> }): React.JSX.Element {
  const texts = useTexts();
  const [user, setUser] = React.useState('');
  const [role, setRole] = React.useState<Role>('editor');
  const isReady = userPattern.test(user);
  return (
    <SmallForm label={texts.__('Add a member')} verb={texts.__('Add')} busyVerb={texts.__('Adding…')} isReady={isReady} onSubmit={() => onAdd({ user, role })} onClose={onClose}>
      <label>
        {texts.__('User name')}
        <input className="jp-mod-styled" value={user} maxLength={100} autoFocus spellCheck={false} autoComplete="off" onChange={event => setUser(event.target.value.trim())} />
      </label>
      <label>
        {texts.__('Role')}
        <select className="jp-mod-styled" value={role} onChange={event => isRole(event.target.value) && setRole(event.target.value)}>
          {roles.map(name => (
            <option key={name} value={name}>
              {roleText(name, texts)}
            </option>
          ))}
        </select>
      </label>
      <p className="jp-Strata-caption">
        {user !== '' && !isReady
          ? texts.__('Lower-case letters and digits, and the marks . _ @ + - after the first character.')
          : texts.__('Somebody without an account gets a one-time link to choose a password.')}
      </p>
    </SmallForm>
  );
}
