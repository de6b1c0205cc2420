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

interface Parts {
  readonly database: Database;
  readonly log: EventLog;
  readonly logger: Logger;
}

/** What this process knows of a consumer, so that events that are not for it cost no transaction. */
interface Place {
  /** Nothing up to here is left for the consumer; undefined before the first look. */
  seen?: number;
  /** Position that is written down; `seen` may be ahead of it by events of others. */
  saved?: number;
}

/** Runs one consumer until `stop`; several processes may run it, one at a time gets each event. */
export function runSubscription(subscription: Subscription, parts: Parts & { readonly stop: AbortSignal }): void {
  let isRunning = false;
  let isWanted = false;
  const place: Place = {};
  const drain = async (): Promise<void> => {
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    try {
      do {
        isWanted = false;
        while (!parts.stop.aborted && (await hasWork(subscription, place, parts.log)) && (await consumeBatch(subscription, place, parts)) === batchSize);
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

/** Passes by, in memory, what is not for the consumer. The position is written down with the next event that is, after a batch of others, or when nothing new came. */
async function hasWork(subscription: Subscription, place: Place, log: EventLog): Promise<boolean> {
  if (place.seen === undefined || place.saved === undefined) {
    await log.head();
    return true;
  }
  const fresh = await log.read({ after: place.seen, limit: batchSize });
  if (fresh.some(event => isFor(subscription, event))) return true;
  if (fresh.length === 0) return place.seen > place.saved;
  place.seen = fresh.at(-1)?.position ?? place.seen;
  return fresh.length === batchSize;
}

function isFor({ events }: Subscription, { name }: EventRecord): boolean {
  return events.some(known => known === name);
}

interface Failure {
  readonly event: EventRecord;
  readonly error: unknown;
}

interface Batch {
  readonly count: number;
  /** Where the consumer is now; undefined when another process has it, or it pauses. */
  readonly position?: number;
  readonly failure?: Failure;
}

async function consumeBatch(subscription: Subscription, place: Place, parts: Parts): Promise<number> {
  const { database } = parts;
  const { count, position, failure } = await database.asSystem(`subscription ${subscription.consumer}`, async (tx): Promise<Batch> => {
    const position = await lockPosition(tx, subscription.consumer, place.seen === undefined);
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
    const reached = { position: handled?.position ?? position };
    return failed === undefined ? { ...reached, count: events.length } : { ...reached, count: 0, failure: failed };
  });
  if (position !== undefined) [place.seen, place.saved] = [position, position];
  if (failure !== undefined) {
    parts.logger.warn({ event: 'subscription.event-failed', consumer: subscription.consumer, eventId: failure.event.id, error: failure.error }, 'an event could not be handled');
    await noteFailure(database, subscription, failure);
  }
  return count;
}

/** Handles one event behind a savepoint: a failure takes back the effects of this event only. */
async function handleOne(tx: Tx, subscription: Subscription, event: EventRecord): Promise<Failure | undefined> {
  if (!isFor(subscription, event)) return undefined;
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

async function lockPosition(tx: Tx, consumer: string, isFirst: boolean): Promise<number | undefined> {
  if (isFirst) {
    await tx
      .insertInto('kernel.subscription')
      .values({ consumer, position: 0, failures: 0, last_error: null })
      .onConflict(c => c.doNothing())
      .execute();
  }
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
    const row = await tx.selectFrom('kernel.subscription').select(['failures', 'position']).where('consumer', '=', subscription.consumer).forUpdate().executeTakeFirst();
    // Another process handled it meanwhile: nothing is left to wait for.
    if (row === undefined || row.position >= failure.event.position) return;
    const failures = row.failures + 1;
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
