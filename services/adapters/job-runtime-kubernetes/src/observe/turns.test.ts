import { expect, test } from '@jest/globals';
import { createTurns } from './turns.ts';

test('many who want a turn get a few each second, and a quiet time is made up for once', () => {
  const clock = { now: 0 };
  const takesTurn = createTurns({ perSecond: 2, burst: 3, now: () => clock.now });
  const taken = (wanted: number): number => Array.from({ length: wanted }, takesTurn).filter(Boolean).length;
  expect(taken(10)).toBe(3);
  clock.now = 500;
  expect(taken(10)).toBe(1);
  clock.now = 1_000;
  expect(taken(1)).toBe(1);
  clock.now = 3_600_000;
  expect(taken(10)).toBe(3);
});
