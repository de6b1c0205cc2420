import { Cron } from 'croner';

export interface Schedule {
  /** Five fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** A slot that is at most this late still runs when missed slots are not caught up (a restart takes less). */
const graceMs = 10 * 60_000;

/** What is wrong with a schedule, in plain words; `undefined` when nothing is. `now` decides whether it ever comes. */
export function problemOfSchedule(schedule: Schedule, now: Date): string | undefined {
  if (!isTimeZone(schedule.timeZone)) return `'${schedule.timeZone}' is not a time zone; use an IANA name such as Europe/Berlin or UTC.`;
  try {
    if (nextSlots(schedule, now, 1).length === 0) return `'${schedule.cron}' never comes: there is no such day.`;
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return `'${schedule.cron}' is not a schedule of five fields (minute, hour, day of month, month, day of week): ${reason}`;
  }
}

/**
 * The next `count` times strictly after `after`, in UTC. Every slot comes once: a time that a change of clocks skips moves to the first minute
 * that exists, one that comes twice is taken the first time.
 */
export function nextSlots(schedule: Schedule, after: Date, count: number): readonly string[] {
  return new Cron(schedule.cron, { timezone: schedule.timeZone, mode: '5-part', paused: true }).nextRuns(count, after).map(date => date.toISOString());
}

export interface DueSlot {
  /** Slot to run now, if any. */
  readonly run: string | undefined;
  /** Slot to wait for after that; undefined when the schedule has no more. */
  readonly next: string | undefined;
}

/**
 * What a schedule that waits for `expected` does at `now`. With `catchUp` the missed slots run one after the other; without, only the newest
 * missed one runs, and only while it is fresh.
 */
export function dueSlot(schedule: Schedule, expected: string, request: { readonly now: Date; readonly catchUp: boolean }): DueSlot {
  const { now } = request;
  if (Date.parse(expected) > now.getTime()) return { run: undefined, next: expected };
  if (request.catchUp) return { run: expected, next: nextSlots(schedule, new Date(expected), 1)[0] };
  const newest = newestSlot(schedule, new Date(Math.max(Date.parse(expected) - 1, now.getTime() - graceMs - 1)), now);
  return { run: newest, next: nextSlots(schedule, now, 1)[0] };
}

function newestSlot(schedule: Schedule, after: Date, now: Date): string | undefined {
  const slots = nextSlots(schedule, after, graceMs / 60_000 + 2).filter(slot => Date.parse(slot) <= now.getTime());
  return slots.at(-1);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
