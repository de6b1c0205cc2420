import type { EventRecord } from '@stratalab/contracts';
import type { Database } from '../database/database.ts';
import { eventChannel } from './append-event.ts';
import { readEvents } from './read-events.ts';
import { createTail } from './tail.ts';

export interface ReadEvents {
  /** Events after this position. */
  readonly after: number;
  readonly limit: number;
  readonly tenant?: string;
}

const safetyPollMs = 2_000;

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
  const tail = createTail(database);
  return {
    async read(request) {
      await tail.refresh();
      return tail.read(request) ?? database.asSystem('read events', tx => readEvents(tx, request));
    },
    async head() {
      await tail.refresh();
      return tail.head();
    },
    onChange(callback, signal) {
      callbacks.add(callback);
      signal.addEventListener('abort', () => callbacks.delete(callback), { once: true });
    }
  };
}
