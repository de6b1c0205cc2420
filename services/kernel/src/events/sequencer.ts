import { sql } from 'kysely';
import type { Tx } from '../database/database.ts';

const lockKey = 7_301_001;

/**
 * Numbers committed events in the order they became visible.
 * A sequence alone would leave holes that fill later (a slow transaction commits after a faster, younger one), and a reader would skip them.
 * The lock is held to the end of the transaction, so positions appear in order.
 * @returns how many events were numbered; `batchSize` means that there may be more
 */
export async function numberEvents(tx: Tx, batchSize: number): Promise<number> {
  const fresh = await tx.selectFrom('kernel.event').select('id').where('position', 'is', null).limit(1).executeTakeFirst();
  if (fresh === undefined) return 0;
  await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
  const result = await sql`
    update kernel.event e set position = numbered.position
    from (select id, nextval('kernel.event_number') as position
          from (select id from kernel.event where position is null order by time, id limit ${batchSize}) fresh) numbered
    where e.id = numbered.id`.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
}
