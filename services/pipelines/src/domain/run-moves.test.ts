import { describe, expect, test } from '@jest/globals';
import { movesOf, retryPauseMs, type StepFacts } from './run-moves.ts';

const step = (name: string, state: StepFacts['state'], given: Partial<StepFacts> = {}): StepFacts => ({
  name,
  state,
  deps: [],
  retryAtMs: undefined,
  isAbandoned: false,
  ...given
});

describe('movesOf', () => {
  test('starts what is ready, at most two at once', () => {
    expect(movesOf([step('a', 'waiting'), step('b', 'waiting'), step('c', 'waiting'), step('d', 'waiting', { deps: ['a'] })], 0)).toMatchObject({
      start: ['a', 'b'],
      end: undefined
    });
    expect(movesOf([step('a', 'running'), step('b', 'waiting'), step('c', 'waiting')], 0).start).toEqual(['b']);
  });
  test('skips everything behind a failure and then ends', () => {
    const steps = [step('a', 'failed'), step('b', 'waiting', { deps: ['a'] }), step('c', 'waiting', { deps: ['b'] })];
    expect(movesOf(steps, 0)).toEqual({ start: [], skip: ['b', 'c'], end: 'failed', nextMs: undefined });
    expect(movesOf([step('a', 'succeeded')], 0).end).toBe('succeeded');
  });
  test('what does not depend on the failure still runs', () => {
    expect(movesOf([step('a', 'failed'), step('b', 'waiting', { deps: ['a'] }), step('c', 'waiting')], 0)).toMatchObject({ start: ['c'], skip: ['b'], end: undefined });
  });
  test('waits for the time of a retry', () => {
    expect(movesOf([step('a', 'waiting', { retryAtMs: 500 })], 100)).toMatchObject({ start: [], nextMs: 400 });
    expect(movesOf([step('a', 'waiting', { retryAtMs: 500 })], 500).start).toEqual(['a']);
  });
  test('begins again what its process left behind', () => {
    expect(movesOf([step('a', 'running', { isAbandoned: true })], 0).start).toEqual(['a']);
  });
  test('pauses double and end at an hour', () => {
    expect([1, 2, 3, 30].map(failures => retryPauseMs(10, failures))).toEqual([10_000, 20_000, 40_000, 3_600_000]);
  });
});
