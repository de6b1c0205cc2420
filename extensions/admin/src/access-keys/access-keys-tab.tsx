import type { AccessKey, WhoAmI } from '@stratalab/contracts/control';
import { confirmDestructive, EmptyState, ProblemNotice, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { OneTimeSecret } from '../page/one-time-secret';
import { useAction } from '../page/use-action';
import { useControl } from '../page/use-control';
import { CreateAccessKey } from './create-access-key';
import { keyState } from './key-state';

const pageSize = 100;

/** Credentials for programs: who made them, what they may do, until when, and when they were last used. */
export function AccessKeysTab({ tenant, who }: { readonly tenant: string; readonly who: WhoAmI }): React.JSX.Element {
  const texts = useTexts();
  const { translator } = useSuite();
  const control = useControl();
  const change = useAction();
  const [isCreating, setCreating] = React.useState(false);
  const [created, setCreated] = React.useState<{ readonly name: string; readonly secret: string }>();
  const pages = usePages<AccessKey>(
    `access-keys ${tenant}`,
    ({ cursor, signal }) => control.listAccessKeys({ params: { tenant }, query: { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['access-key.']
  );
  const revoke = (key: AccessKey): void =>
    void change.run(async () => {
      const isAgreed = await confirmDestructive({
        title: texts.__('Revoke the access key %1?', key.name),
        verb: texts.__('Revoke'),
        blastRadius: [texts.__('Every program that uses the key ending in %1 is refused within 30 seconds', key.hint)],
        translator
      });
      if (!isAgreed) return;
      await control.revokeAccessKey({ params: { tenant, key: key.id } });
      pages.reload();
    });
  return (
    <div className="jp-Strata-adminTab">
      {!isCreating && (
        <div className="jp-Strata-row">
          <button className="jp-mod-styled jp-mod-accept" onClick={() => setCreating(true)}>
            {texts.__('Create an access key')}
          </button>
        </div>
      )}
      {isCreating && (
        <CreateAccessKey
          tenant={tenant}
          who={who}
          onClose={() => setCreating(false)}
          onCreated={({ key, secret }) => {
            setCreating(false);
            setCreated({ name: key.name, secret });
            pages.reload();
          }}
        />
      )}
      {created !== undefined && (
        <OneTimeSecret
          title={texts.__('Access key %1', created.name)}
          sentence={texts.__('Keep it now: only a fingerprint is stored, and it is not shown again.')}
          secret={created.secret}
          onDone={() => setCreated(undefined)}
        />
      )}
      {change.problem !== undefined && <ProblemNotice problem={change.problem} />}
      <VirtualTable
        label={texts.__('Access keys')}
        columns={useColumns(revoke)}
        pages={pages}
        rowKey={key => key.id}
        empty={
          <EmptyState
            text={texts.__('There are no access keys. A key lets a program outside JupyterLab call endpoints or the API of this tenant.')}
            {...(isCreating ? {} : { action: { label: texts.__('Create an access key'), onClick: () => setCreating(true) } })}
          />
        }
      />
    </div>
  );
}

function useColumns(revoke: (key: AccessKey) => void): readonly Column<AccessKey>[] {
  const texts = useTexts();
  const labels = { active: texts.__('Active'), expired: texts.__('Expired'), revoked: texts.__('Revoked') } as const;
  const stateOf = (key: AccessKey): keyof typeof labels => keyState(key, Date.now());
  const time = (value: string | null): React.ReactNode => (value === null ? texts.__('never') : <TimeAgo time={value} />);
  return [
    { id: 'name', label: texts.__('Name'), width: 130, text: key => key.name },
    { id: 'hint', label: texts.__('Ends in'), width: 70, text: key => `…${key.hint}` },
    {
      id: 'state',
      label: texts.__('State'),
      width: 100,
      text: key => labels[stateOf(key)],
      render: key => <StatusChip tone={stateOf(key) === 'active' ? 'good' : 'neutral'} label={labels[stateOf(key)]} />
    },
    { id: 'scopes', label: texts.__('Scopes'), width: 200, text: key => key.scopes.join(', ') },
    { id: 'creator', label: texts.__('Created by'), width: 100, text: key => key.createdBy },
    { id: 'used', label: texts.__('Last used'), width: 110, text: key => key.lastUsedAt ?? '', render: key => time(key.lastUsedAt) },
    {
      id: 'expires',
      label: texts.__('Expires'),
      width: 110,
      text: key => key.expiresAt ?? '',
      render: key => (key.expiresAt === null ? texts.__('never') : <ExpiresOn time={key.expiresAt} />)
    },
    { id: 'created', label: texts.__('Created'), width: 110, text: key => key.createdAt, render: key => time(key.createdAt), isHidden: true },
    {
      id: 'revoke',
      label: texts.__('Revoke'),
      width: 80,
      text: () => '',
      render: key =>
        stateOf(key) === 'active' ? (
          <button className="jp-Strata-link" aria-label={texts.__('Revoke the access key %1', key.name)} onClick={() => revoke(key)}>
            {texts.__('Revoke…')}
          </button>
        ) : null
    }
  ];
}

/** The day something ends, in the person's own way of writing days. */
function ExpiresOn({ time }: { readonly time: string }): React.JSX.Element {
  const locale = useSuite().translator.languageCode.replace('_', '-');
  return (
    <time dateTime={time} title={new Date(time).toLocaleString(locale)}>
      {new Date(time).toLocaleDateString(locale)}
    </time>
  );
}
