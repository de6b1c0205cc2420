import { sql } from 'kysely';
import type { Tx } from '../database/database.ts';

export const reconcileChannel = 'stratalab_reconcile';

/** Says, in the caller's transaction, that an object needs a look as soon as the change commits (or at `delayMs` from now). */
export async function wake(tx: Tx, item: { readonly kind: string; readonly objectId: string; readonly tenant: string; readonly delayMs?: number }): Promise<void> {
  await wakeAll(tx, item.kind, [{ id: item.objectId, tenant: item.tenant }], item.delayMs);
}

/** As `delayMs`: before everything that waits for its turn already. For what happened to an object or was asked of it; what begins waits for its turn. */
export const aheadOfOthersMs = -3_600_000;

/** The same for many objects of one kind in one statement. */
export async function wakeAll(tx: Tx, kind: string, objects: readonly { readonly id: string; readonly tenant: string }[], delayMs = 0): Promise<void> {
  if (objects.length === 0) return;
  // One order everywhere: two that wake the same objects wait for each other and never in a circle.
  const sorted = objects.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const [ids, tenants] = [sorted.map(({ id }) => id), sorted.map(({ tenant }) => tenant)];
  await sql`
    insert into kernel.reconcile_item (kind, object_id, tenant, due_at)
    select ${kind}, id, tenant, now() + make_interval(secs => ${delayMs / 1000}) from unnest(${ids}::text[], ${tenants}::text[]) as woken(id, tenant)
    on conflict (kind, object_id) do update set due_at = least(kernel.reconcile_item.due_at, excluded.due_at), attempt = 0`.execute(tx);
  await sql`select pg_notify(${reconcileChannel}, ${kind})`.execute(tx);
}
