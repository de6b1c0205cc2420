import { sql } from 'kysely';
import type { EventName } from '@stratalab/contracts';
import type { Tx } from '../database/database.ts';
import { newId } from '../id.ts';

export interface NewEvent {
  readonly name: EventName;
  readonly tenant: string;
  /** Who caused it; absent for the platform itself. */
  readonly subject?: string;
  readonly urn: string;
  /** Ids and small values; never a document. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Channel that wakes the sequencer, streams and subscriptions. */
export const eventChannel = 'stratalab_event';

/** Records a fact in the caller's transaction: it leaves if, and only if, the change commits. */
export async function appendEvent(tx: Tx, event: NewEvent): Promise<void> {
  await tx
    .insertInto('kernel.event')
    .values({ id: newId(), name: event.name, tenant: event.tenant, subject: event.subject ?? null, urn: event.urn, data: JSON.stringify(event.data) })
    .execute();
  await sql`select pg_notify(${eventChannel}, '')`.execute(tx);
}
