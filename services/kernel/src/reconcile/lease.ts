import { sql } from 'kysely';
import type { Database, Tx } from '../database/database.ts';
import { StaleLease } from './reconciler.ts';

export interface Lease {
  readonly kind: string;
  readonly id: string;
  readonly tenant: string;
  readonly attempt: number;
  readonly fence: number;
}

/** Takes up to `count` due objects; each gets a fencing token that was never given out before, so a holder that slept too long can write nothing, even when the item was forgotten and came back. */
export async function claimDue(database: Database, request: { kind: string; owner: string; count: number; leaseMs: number }): Promise<readonly Lease[]> {
  return database.asSystem(`claim ${request.kind}`, async tx => {
    const result = await sql<{ object_id: string; tenant: string; attempt: number; fence: number }>`
      with due as materialized (
        select kind, object_id from kernel.reconcile_item
        where kind = ${request.kind} and ((lease_until is null and due_at <= now()) or lease_until < now())
        order by due_at limit ${request.count} for update skip locked)
      update kernel.reconcile_item item set lease_owner = ${request.owner}, fence = nextval('kernel.fence'),
        due_at = 'infinity', lease_until = now() + make_interval(secs => ${request.leaseMs / 1000})
      from due where item.kind = due.kind and item.object_id = due.object_id
      returning item.object_id, item.tenant, item.attempt, item.fence`.execute(tx);
    return result.rows.map(row => ({ kind: request.kind, id: row.object_id, tenant: row.tenant, attempt: row.attempt, fence: row.fence }));
  });
}

/** Locks the lease row; @throws StaleLease when the fencing token is not the newest. */
export async function assertHeld(tx: Tx, lease: Lease): Promise<void> {
  const row = await tx.selectFrom('kernel.reconcile_item').select('fence').where('kind', '=', lease.kind).where('object_id', '=', lease.id).forUpdate().executeTakeFirst();
  if (row?.fence !== lease.fence) throw new StaleLease(lease.kind, lease.id);
}

/**
 * Gives the lease back. A wake-up that came while the step ran (`due_at` is no longer 'infinity') is kept.
 * `nextMs` undefined forgets the item until somebody wakes it again.
 */
export async function release(database: Database, lease: Lease, outcome: { nextMs: number | undefined; attempt: number; error?: string }): Promise<void> {
  await database.asSystem(`release ${lease.kind}`, async tx => {
    const held = sql`kind = ${lease.kind} and object_id = ${lease.id} and fence = ${lease.fence}`;
    if (outcome.nextMs === undefined) await sql`delete from kernel.reconcile_item where ${held} and due_at = 'infinity'`.execute(tx);
    const nextMs = outcome.nextMs ?? 0;
    await sql`
      update kernel.reconcile_item set lease_owner = null, lease_until = null, attempt = ${outcome.attempt}, last_error = ${outcome.error ?? null},
        due_at = least(due_at, now() + make_interval(secs => ${nextMs / 1000}))
      where ${held}`.execute(tx);
  });
}
