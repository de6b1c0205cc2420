import { isRole, roles } from '@stratalab/contracts';
import type { Invitation, Member } from '@stratalab/contracts/control';
import { confirmDestructive, EmptyState, ProblemNotice, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { OneTimeSecret } from '../page/one-time-secret';
import { roleText } from '../page/names';
import { useAction } from '../page/use-action';
import { useControl } from '../page/use-control';
import { AddMember } from './add-member';

const pageSize = 100;

interface Invited {
  readonly user: string;
  /** null: the person has a way to sign in already. */
  readonly invitation: Invitation | null;
}

/** Who works in a tenant and as what. */
export function MembersTab({ tenant }: { readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const { translator } = useSuite();
  const control = useControl();
  const change = useAction();
  const [isAdding, setAdding] = React.useState(false);
  const [invited, setInvited] = React.useState<Invited>();
  const pages = usePages<Member>(
    `members ${tenant}`,
    ({ cursor, signal }) => control.listMembers({ params: { tenant }, query: { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['member.']
  );
  const set = async ({ user, role }: Member): Promise<void> => {
    const { invitation } = await control.setMember({ params: { tenant, user }, body: { role } });
    setInvited({ user, invitation });
    pages.reload();
  };
  const setRole = (user: string, role: string): void => {
    if (isRole(role)) void change.run(() => control.setMember({ params: { tenant, user }, body: { role } }).then(pages.reload));
  };
  const remove = ({ user }: Member): void =>
    void change.run(async () => {
      const isAgreed = await confirmDestructive({
        title: texts.__('Take %1 out of %2?', user, tenant),
        verb: texts.__('Remove'),
        blastRadius: [
          texts.__('%1 can no longer see or use anything of this tenant; what %1 made stays', user),
          texts.__('A workspace of %1 that runs keeps what it has in memory', user)
        ],
        translator
      });
      if (!isAgreed) return;
      await control.removeMember({ params: { tenant, user } });
      pages.reload();
    });
  return (
    <div className="jp-Strata-adminTab">
      {!isAdding && (
        <div className="jp-Strata-row">
          <button className="jp-mod-styled jp-mod-accept" onClick={() => setAdding(true)}>
            {texts.__('Add a member')}
          </button>
        </div>
      )}
      {isAdding && <AddMember onClose={() => setAdding(false)} onAdd={member => set(member).then(() => setAdding(false))} />}
      {invited !== undefined && <InvitationNotice {...invited} onDone={() => setInvited(undefined)} />}
      {change.problem !== undefined && <ProblemNotice problem={change.problem} />}
      <VirtualTable
        label={texts.__('Members')}
        columns={useColumns({ setRole, remove, invite: member => void change.run(() => set(member)), isBusy: change.isBusy })}
        pages={pages}
        rowKey={member => member.user}
        empty={
          <EmptyState text={texts.__('Nobody works in this tenant yet.')} {...(isAdding ? {} : { action: { label: texts.__('Add a member'), onClick: () => setAdding(true) } })} />
        }
      />
    </div>
  );
}

function InvitationNotice({ user, invitation, onDone }: Invited & { readonly onDone: () => void }): React.JSX.Element {
  const texts = useTexts();
  const { translator } = useSuite();
  if (invitation === null) {
    return (
      <div className="jp-Strata-once jp-Strata-row" role="status">
        <span>{texts.__('%1 is a member now and signs in as before.', user)}</span>
        <button className="jp-mod-styled" onClick={onDone}>
          {texts.__('Done')}
        </button>
      </div>
    );
  }
  const expires = new Date(invitation.expires).toLocaleString(translator.languageCode.replace('_', '-'));
  return (
    <OneTimeSecret
      title={texts.__('Invitation link for %1', user)}
      sentence={texts.__('Hand it over yourself: it is not sent. It works once, until %1, and is not shown again.', expires)}
      secret={new URL(invitation.url, window.location.origin).href}
      onDone={onDone}
    />
  );
}

interface MemberActions {
  readonly setRole: (user: string, role: string) => void;
  readonly remove: (member: Member) => void;
  readonly invite: (member: Member) => void;
  readonly isBusy: boolean;
}

function useColumns({ setRole, remove, invite, isBusy }: MemberActions): readonly Column<Member>[] {
  const texts = useTexts();
  return [
    { id: 'user', label: texts.__('Member'), width: 160, text: member => member.user },
    {
      id: 'role',
      label: texts.__('Role'),
      width: 150,
      text: member => roleText(member.role, texts),
      render: member => (
        <select aria-label={texts.__('Role of %1', member.user)} value={member.role} disabled={isBusy} onChange={event => setRole(member.user, event.target.value)}>
          {roles.map(role => (
            <option key={role} value={role}>
              {roleText(role, texts)}
            </option>
          ))}
        </select>
      )
    },
    {
      id: 'actions',
      label: texts.__('Actions'),
      width: 200,
      text: () => '',
      render: member => (
        <span className="jp-Strata-row">
          <button className="jp-Strata-link" disabled={isBusy} aria-label={texts.__('New invitation link for %1', member.user)} onClick={() => invite(member)}>
            {texts.__('Invite again')}
          </button>
          <button className="jp-Strata-link" disabled={isBusy} aria-label={texts.__('Remove %1', member.user)} onClick={() => remove(member)}>
            {texts.__('Remove…')}
          </button>
        </span>
      )
    }
  ];
}
