import type { Urn } from '@stratalab/contracts';
import { controlRoutes, type Member } from '@stratalab/contracts/control';
import { EmptyState, ObjectPage, QueryNotice, strataIcon, usePages, useQuery, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { Quotas } from './quotas';
import { roleName } from './resource-names';

/** Page of a tenant: its quotas and its members. */
export function TenantPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const control = React.useMemo(() => stratalab.clientFor(controlRoutes), [stratalab]);
  const params = { tenant: urn.tenant };
  const tenant = useQuery(`tenant ${urn.tenant}`, (_chosen, signal) => control.getTenant({ params }, { signal }), { refreshOn: ['tenant.'] });
  const members = usePages<Member>(
    `members ${urn.tenant}`,
    ({ cursor, signal }) => control.listMembers({ params, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['member.']
  );
  if (tenant.data === undefined) return <QueryNotice query={tenant} />;
  const { displayName, createdAt, isSample, state } = tenant.data;
  const columns: readonly Column<Member>[] = [
    { id: 'user', label: texts.__('Member'), width: 160, text: member => member.user },
    { id: 'role', label: texts.__('Role'), width: 100, text: member => roleName(member.role, texts) }
  ];
  return (
    <ObjectPage
      query={tenant}
      icon={strataIcon}
      name={displayName}
      chips={isSample ? [texts.__('sample')] : []}
      status={
        state === 'active' ? { tone: 'good', label: texts.__('Active') } : { tone: 'warn', label: texts.__('Deleting'), sentence: texts.__('Everything in it is being removed.') }
      }
      createdAt={createdAt}
      tabs={[
        { id: 'quotas', label: texts.__('Quotas'), render: () => <Quotas /> },
        {
          id: 'members',
          label: texts.__('Members'),
          count: members.isLoading && members.rows.length === 0 ? undefined : (members.total ?? members.rows.length),
          render: () => (
            <VirtualTable
              label={texts.__('Members')}
              columns={columns}
              pages={members}
              rowKey={member => member.user}
              empty={<EmptyState text={texts.__('This tenant has no members yet.')} />}
            />
          )
        }
      ]}
    />
  );
}
