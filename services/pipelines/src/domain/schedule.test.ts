import { describe, expect, test } from '@jest/globals';
import { dueSlot, nextSlots, problemOfSchedule } from './schedule.ts';

const berlin = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
const at = (text: string): Date => new Date(text);

describe('schedule', () => {
  test('F32 a slot that the change of clocks skips or repeats comes once', () => {
    expect(nextSlots(berlin, at('2026-03-28T00:00:00Z'), 3)).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
    expect(nextSlots(berlin, at('2026-10-24T00:00:00Z'), 3)).toEqual(['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
    expect(nextSlots({ ...hourly, timeZone: 'Europe/Berlin' }, at('2026-10-24T23:30:00Z'), 3)).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T02:00:00.000Z'
    ]);
  });

  test('F32 29 February comes in leap years', () => {
    expect(nextSlots({ cron: '0 0 29 2 *', timeZone: 'UTC' }, at('2026-01-01T00:00:00Z'), 2)).toEqual(['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z']);
  });

  test.each([
    ['* * * *', 'UTC', 'five fields'],
    ['0 0 0 * * *', 'UTC', 'five fields'],
    ['99 * * * *', 'UTC', 'minute'],
    ['0 0 31 2 *', 'UTC', 'never comes'],
    ['0 0 * * *', 'Mars/Base', 'time zone']
  ])('says what is wrong with %s in %s', (cron, timeZone, words) => {
    expect(problemOfSchedule({ cron, timeZone }, at('2026-01-01T00:00:00Z'))).toContain(words);
  });

  test('a good schedule has no problem', () => {
    expect(problemOfSchedule({ cron: '*/15 9-17 * * MON-FRI', timeZone: 'Asia/Shanghai' }, at('2026-01-01T00:00:00Z'))).toBeUndefined();
  });

  test('waits until the slot has come', () => {
    const expected = '2026-01-01T05:00:00.000Z';
    expect(dueSlot(hourly, expected, { now: at('2026-01-01T04:59:59Z'), catchUp: false })).toEqual({ run: undefined, next: expected });
    expect(dueSlot(hourly, expected, { now: at(expected), catchUp: false })).toEqual({ run: expected, next: '2026-01-01T06:00:00.000Z' });
  });

  test('without catching up, only the newest missed slot runs, and only while it is fresh', () => {
    const expected = '2026-01-01T05:00:00.000Z';
    expect(dueSlot(hourly, expected, { now: at('2026-01-01T08:05:00Z'), catchUp: false })).toEqual({ run: '2026-01-01T08:00:00.000Z', next: '2026-01-01T09:00:00.000Z' });
    expect(dueSlot(hourly, expected, { now: at('2026-01-01T08:30:00Z'), catchUp: false })).toEqual({ run: undefined, next: '2026-01-01T09:00:00.000Z' });
    const everyMinute = { cron: '* * * * *', timeZone: 'UTC' };
    expect(dueSlot(everyMinute, expected, { now: at('2026-01-01T08:05:30Z'), catchUp: false }).run).toBe('2026-01-01T08:05:00.000Z');
  });

  test('with catching up, missed slots run one after the other', () => {
    const expected = '2026-01-01T05:00:00.000Z';
    expect(dueSlot(hourly, expected, { now: at('2026-01-01T08:30:00Z'), catchUp: true })).toEqual({ run: expected, next: '2026-01-01T06:00:00.000Z' });
  });
});
