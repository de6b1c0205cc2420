import { formatUrn, type Role } from '@stratalab/contracts';
import type { Member } from '@stratalab/contracts/control';
import { appendEvent, decodeCursor, pageOf, type Call } from '@stratalab/kernel';
import type { ControlPorts } from '../ports.ts';

interface MemberChange {
  readonly member: Member;
  readonly invitation: { readonly url: string; readonly expires: string } | null;
}

const memberUrn = (tenant: string, user: string): string => formatUrn({ tenant, kind: 'member', name: encodeURIComponent(user).replaceAll('%', '~') });

/** Members by name, as the Hub knows them. */
export async function listMembers(
  ports: ControlPorts,
  call: Call,
  query: { readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: Member[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 1)?.[0];
  const all = await ports.people.members(call.tenant);
  const rest = after === undefined ? all : all.filter(member => member.user > String(after));
  return pageOf(rest.slice(0, query.limit + 1), query.limit, { item: member => ({ ...member }), key: member => [member.user] });
}

/** Adds a user to the tenant, or changes its role; a user without an account gets a one-time invitation. Idempotent. */
export async function setMember(ports: ControlPorts, call: Call, input: { readonly user: string; readonly role: Role }): Promise<MemberChange> {
  await ports.people.setRole(call.tenant, input.user, input.role);
  const invitation = await ports.people.invite(input.user);
  return call.commit(
    async tx => {
      await appendEvent(tx, {
        name: 'member.changed.v1',
        tenant: call.tenant,
        subject: call.actor.subject,
        urn: memberUrn(call.tenant, input.user),
        data: { user: input.user, role: input.role }
      });
      return { member: { user: input.user, role: input.role }, invitation: invitation ?? null };
    },
    () => memberUrn(call.tenant, input.user)
  );
}

/** Takes the user out of the tenant; its credentials stop working here within 30 s, its streams within 60 s. Idempotent. */
export async function removeMember(ports: ControlPorts, call: Call, input: { readonly user: string }): Promise<void> {
  await ports.people.removeFromTenant(call.tenant, input.user);
  await call.commit(
    tx =>
      appendEvent(tx, {
        name: 'member.changed.v1',
        tenant: call.tenant,
        subject: call.actor.subject,
        urn: memberUrn(call.tenant, input.user),
        data: { user: input.user, role: null }
      }),
    () => memberUrn(call.tenant, input.user)
  );
}
