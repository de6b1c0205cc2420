import { sql } from 'kysely';
import type { Tx } from '../database/database.ts';

export const reconcileChannel = 'stratalab_reconcile';

/** Says, in the caller's transaction, that an object needs a look as soon as the change commits (or at `delayMs` from now). */
export async function wake(tx: Tx, item: { readonly kind: string; readonly objectId: string; readonly tenant: string; readonly delayMs?: number }): Promise<void> {
  await sql`
    insert into kernel.reconcile_item (kind, object_id, tenant, due_at)
    values (${item.kind}, ${item.objectId}, ${item.tenant}, now() + make_interval(secs => ${(item.delayMs ?? 0) / 1000}))
    on conflict (kind, object_id) do update set due_at = least(kernel.reconcile_item.due_at, excluded.due_at), attempt = 0`.execute(tx);
  await sql`select pg_notify(${reconcileChannel}, ${item.kind})`.execute(tx);
}
