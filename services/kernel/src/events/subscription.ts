import type { EventName, EventRecord } from '@stratalab/contracts';
import { sql } from 'kysely';
import type { Database, Tx } from '../database/database.ts';
import type { Logger } from '../telemetry/log.ts';
import type { EventLog } from './event-log.ts';
import { readEvents } from './read-events.ts';

/**
 * What a service does about facts of others. `handle` runs in the transaction that also moves the consumer's position, so its database
 * effects happen exactly once; it must not call the network (wake a reconciler instead).
 */
export interface Subscription {
  /** Name of the consumer, `service/purpose`; never renamed, the position is kept under it. */
  readonly consumer: string;
  readonly events: readonly EventName[];
  readonly handle: (tx: Tx, event: EventRecord) => Promise<void>;
}

const batchSize = 100;
const giveUpAfter = 8;

/** Runs one consumer until `stop`; several processes may run it, one at a time gets each event. */
export function runSubscription(subscription: Subscription, parts: { database: Database; log: EventLog; logger: Logger; stop: AbortSignal }): void {
  let isRunning = false;
  let isWanted = false;
  const drain = async (): Promise<void> => {
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    try {
      do {
        isWanted = false;
        while (!parts.stop.aborted && (await consumeBatch(subscription, parts)) === batchSize);
      } while (isWanted && !parts.stop.aborted);
    } catch (error) {
      parts.logger.warn({ event: 'subscription.failed', consumer: subscription.consumer, error }, 'a subscription could not read events');
    } finally {
      isRunning = false;
    }
  };
  parts.log.onChange(() => void drain(), parts.stop);
  void drain();
}

interface Failure {
  readonly event: EventRecord;
  readonly error: unknown;
}

async function consumeBatch(subscription: Subscription, parts: { database: Database; log: EventLog; logger: Logger }): Promise<number> {
  const { database } = parts;
  await parts.log.head();
  const { count, failure } = await database.asSystem(`subscription ${subscription.consumer}`, async tx => {
    const position = await lockPosition(tx, subscription.consumer);
    if (position === undefined) return { count: 0 };
    const events = await readEvents(tx, { after: position, limit: batchSize });
    let handled: EventRecord | undefined;
    let failed: Failure | undefined;
    for (const event of events) {
      failed = await handleOne(tx, subscription, event);
      if (failed !== undefined) break;
      handled = event;
    }
    // What came before a failing event is kept: its effects and the position commit together, whatever becomes of the failing one.
    if (handled !== undefined) await savePosition(tx, subscription.consumer, handled.position);
    return failed === undefined ? { count: events.length } : { count: 0, failure: failed };
  });
  if (failure !== undefined) {
    parts.logger.warn({ event: 'subscription.event-failed', consumer: subscription.consumer, eventId: failure.event.id, error: failure.error }, 'an event could not be handled');
    await noteFailure(database, subscription, failure);
  }
  return count;
}

/** Handles one event behind a savepoint: a failure takes back the effects of this event only. */
async function handleOne(tx: Tx, subscription: Subscription, event: EventRecord): Promise<Failure | undefined> {
  if (!subscription.events.some(name => name === event.name)) return undefined;
  await sql`savepoint one_event`.execute(tx);
  try {
    await sql`select set_config('app.tenant', ${event.tenant}, true)`.execute(tx);
    await subscription.handle(tx, event);
    await sql`select set_config('app.tenant', '*', true)`.execute(tx);
    await sql`release savepoint one_event`.execute(tx);
    return undefined;
  } catch (error) {
    // Fails too when the connection is what failed; then the whole batch is rolled back and read again.
    await sql`rollback to savepoint one_event`.execute(tx);
    return { event, error };
  }
}

async function lockPosition(tx: Tx, consumer: string): Promise<number | undefined> {
  await tx
    .insertInto('kernel.subscription')
    .values({ consumer, position: 0, failures: 0, last_error: null })
    .onConflict(c => c.doNothing())
    .execute();
  const row = await tx
    .selectFrom('kernel.subscription')
    .select('position')
    .where('consumer', '=', consumer)
    .where(eb => eb.or([eb('retry_at', 'is', null), eb('retry_at', '<=', sql<string>`now()`)]))
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row?.position;
}

async function savePosition(tx: Tx, consumer: string, position: number): Promise<void> {
  await tx.updateTable('kernel.subscription').set({ position, failures: 0, last_error: null, retry_at: null }).where('consumer', '=', consumer).execute();
}

/** Retries a failing event with growing pauses; after eight failures it is set aside in `dead_letter` and the consumer moves on. */
async function noteFailure(database: Database, subscription: Subscription, failure: Failure): Promise<void> {
  const text = failure.error instanceof Error ? failure.error.message : String(failure.error);
  await database.asSystem(`failure of ${subscription.consumer}`, async tx => {
    const row = await tx.selectFrom('kernel.subscription').select(['failures']).where('consumer', '=', subscription.consumer).forUpdate().executeTakeFirst();
    const failures = (row?.failures ?? 0) + 1;
    if (failures >= giveUpAfter) {
      await tx
        .insertInto('kernel.dead_letter')
        .values({ consumer: subscription.consumer, event_id: failure.event.id, error: text })
        .onConflict(c => c.doNothing())
        .execute();
      await savePosition(tx, subscription.consumer, failure.event.position);
      return;
    }
    await tx
      .updateTable('kernel.subscription')
      .set({ failures, last_error: text, retry_at: sql<string>`now() + make_interval(secs => ${Math.min(2 ** failures, 60) / 2})` })
      .where('consumer', '=', subscription.consumer)
      .execute();
  });
}
