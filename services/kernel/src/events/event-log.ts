import type { EventRecord } from '@stratalab/contracts';
import type { Database, Tx } from '../database/database.ts';
import { eventChannel } from './append-event.ts';
import { numberEvents } from './sequencer.ts';

export interface ReadEvents {
  /** Events after this position. */
  readonly after: number;
  readonly limit: number;
  readonly tenant?: string;
}

const safetyPollMs = 2_000;
const numberingBatch = 1_000;

/** The append-only log, shared by streams and subscriptions of this process. */
export interface EventLog {
  /** Numbers what is new, then reads it. */
  read(request: ReadEvents): Promise<readonly EventRecord[]>;
  /** Position of the newest event; 0 when there is none. */
  head(): Promise<number>;
  /** Calls back when there may be new events, until `signal` aborts. */
  onChange(callback: () => void, signal: AbortSignal): void;
}

export function createEventLog(database: Database, stop: AbortSignal): EventLog {
  const callbacks = new Set<() => void>();
  const wake = (): void => callbacks.forEach(callback => callback());
  database.listen(eventChannel, wake, stop);
  const timer = setInterval(wake, safetyPollMs);
  timer.unref();
  stop.addEventListener('abort', () => clearInterval(timer), { once: true });
  const number = async (): Promise<void> => {
    while ((await database.asSystem('number events', tx => numberEvents(tx, numberingBatch))) === numberingBatch);
  };
  return {
    async read(request) {
      await number();
      return database.asSystem('read events', tx => readEvents(tx, request));
    },
    async head() {
      await number();
      return database.asSystem('head of the event log', async tx => {
        const row = await tx
          .selectFrom('kernel.event')
          .select(({ fn }) => fn.max('position').as('head'))
          .executeTakeFirst();
        return Number(row?.head ?? 0);
      });
    },
    onChange(callback, signal) {
      callbacks.add(callback);
      signal.addEventListener('abort', () => callbacks.delete(callback), { once: true });
    }
  };
}

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
