import type { EventRecord } from '@stratalab/contracts';
import type { Tx } from '../database/database.ts';
import type { ReadEvents } from './event-log.ts';

/** Numbered events after a position, in order. */
export async function readEvents(tx: Tx, request: ReadEvents): Promise<readonly EventRecord[]> {
  let query = tx
    .selectFrom('kernel.event')
    .select(['position', 'id', 'name', 'tenant', 'subject', 'urn', 'data', 'time'])
    .where('position', '>', request.after)
    .orderBy('position')
    .limit(request.limit);
  if (request.tenant !== undefined) query = query.where('tenant', '=', request.tenant);
  const rows = await query.execute();
  return rows.map(row => ({ ...row, position: Number(row.position) }));
}
