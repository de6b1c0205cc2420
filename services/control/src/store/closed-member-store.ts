import type { Role } from '@stratalab/contracts';
import type { Tx } from '@stratalab/kernel';
import { tables } from './tables.ts';

export interface ClosedMember {
  readonly user: string;
  readonly role: Role;
}

/** Remembers who had which role; what is remembered already stays. */
export async function keepClosedMembers(tx: Tx, tenant: string, members: readonly ClosedMember[]): Promise<void> {
  if (members.length === 0) return;
  await tables(tx)
    .insertInto('control.closed_member')
    .values(members.map(({ user, role }) => ({ tenant, subject: user, role })))
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

export async function readClosedMembers(tx: Tx, tenant: string): Promise<readonly ClosedMember[]> {
  const rows = await tables(tx).selectFrom('control.closed_member').selectAll().where('tenant', '=', tenant).orderBy('subject').execute();
  return rows.map(({ subject, role }) => ({ user: subject, role }));
}

export async function forgetClosedMember(tx: Tx, tenant: string, user: string): Promise<void> {
  await tables(tx).deleteFrom('control.closed_member').where('tenant', '=', tenant).where('subject', '=', user).execute();
}
