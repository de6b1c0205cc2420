import type { EventRecord } from '@stratalab/contracts';
import type { Database } from '../database/database.ts';
import type { ReadEvents } from './event-log.ts';
import { readEvents } from './read-events.ts';
import { numberEvents } from './sequencer.ts';

const batchSize = 1_000;
const keptEvents = 4_000;

/** The newest events in memory, so that a thousand open streams cost one query per change and not a thousand. */
export interface Tail {
  /** Resolves when everything that was committed before the call is numbered and in the tail; calls at the same time share the work. */
  refresh(): Promise<void>;
  /** Position of the newest event. */
  head(): number;
  /** Events after a position, or `undefined` when the tail does not reach back that far. */
  read(request: ReadEvents): readonly EventRecord[] | undefined;
}

export function createTail(database: Database): Tail {
  let events: readonly EventRecord[] = [];
  /** All events after this position are in `events`. */
  let from: number | undefined;
  let head = 0;

  async function load(): Promise<void> {
    while ((await database.asSystem('number events', tx => numberEvents(tx, batchSize))) === batchSize);
    if (from === undefined) {
      head = await database.asSystem('head of the event log', async tx => {
        const row = await tx
          .selectFrom('kernel.event')
          .select(({ fn }) => fn.max('position').as('head'))
          .executeTakeFirst();
        return Number(row?.head ?? 0);
      });
      from = head;
      return;
    }
    for (;;) {
      const fresh = await database.asSystem('read events', tx => readEvents(tx, { after: head, limit: batchSize }));
      const all = [...events, ...fresh];
      events = all.slice(-keptEvents);
      if (all.length > events.length) from = all[all.length - events.length - 1]?.position ?? from;
      head = fresh.at(-1)?.position ?? head;
      if (fresh.length < batchSize) return;
    }
  }

  return {
    refresh: createShared(load),
    head: () => head,
    read({ after, limit, tenant }) {
      if (from === undefined || after < from) return undefined;
      const found: EventRecord[] = [];
      for (let index = firstAfter(events, after); index < events.length && found.length < limit; index++) {
        const event = events[index];
        if (event !== undefined && (tenant === undefined || event.tenant === tenant)) found.push(event);
      }
      return found;
    }
  };
}

/** Index of the first event after a position; events are in order. */
function firstAfter(events: readonly EventRecord[], position: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.position ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A run that began before a call may have missed what the caller wants: the call waits for one that begins after it, with all others that wait. */
function createShared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    const run = work().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  };
  return () => {
    // Also in the moment between two runs, when the one has ended and the other is about to begin: two at once would keep the same events twice.
    if (next !== undefined) return next;
    if (running === undefined) return start();
    next = running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}
