import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ClusterObject } from '../watched-kind.ts';
import { needsSecondList } from './deletion-guard.ts';
import { createObjectStore } from './object-store.ts';
import { isNewer } from './resource-version.ts';

test('versions are compared as numbers of any length; one that is no number counts as newer', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), fc.bigInt({ min: 0n, max: 2n ** 80n }), (one, other) => expect(isNewer(`${one}`, `${other}`)).toBe(one > other)));
  expect([isNewer('abc', '5'), isNewer('abc', 'abc'), isNewer('010', '9')]).toEqual([true, false, true]);
});

test.each([
  [1, 1, true],
  [3, 3, true],
  [0, 0, false],
  [1, 2, false],
  [10, 30, false],
  [11, 30, true],
  [199, 1_000, false],
  [201, 1_000, true]
])('of %i missing out of %i a second list is asked: %s', (missing, known, isAsked) => {
  expect(needsSecondList(missing, known)).toBe(isAsked);
});

describe('the store of objects', () => {
  const state = (name: string, uid: string, version: number): ClusterObject => ({ metadata: { name, uid, resourceVersion: String(version), labels: { job: uid } } });

  test('F20 P6 any order and any doubling of the same history leads to the same end', () => {
    // Two lives of one name, and one of another, in the order in which they happened.
    const history = [
      ['put', state('a', 'first', 1)],
      ['put', state('a', 'first', 3)],
      ['put', state('b', 'other', 4)],
      ['deleted', state('a', 'first', 5)],
      ['put', state('a', 'second', 6)],
      ['put', state('a', 'second', 8)],
      ['deleted', state('b', 'other', 9)]
    ] as const;
    const shuffled = fc.shuffledSubarray([...history, ...history], { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(shuffled, events => {
        const store = createObjectStore('job');
        for (const [type, object] of events) void (type === 'put' ? store.offer(object) : store.noteDeletion(object));
        expect([...store.all()]).toEqual([state('a', 'second', 8)]);
        expect([store.labelled('first'), store.labelled('other'), store.labelled('second').length]).toEqual([[], [], 1]);
      })
    );
  });

  test('an object that left the selection and came back with the same uid is there again', () => {
    const store = createObjectStore();
    store.offer(state('a', 'u', 1));
    store.noteDeletion(state('a', 'u', 2));
    expect(store.offer(state('a', 'u', 3))).toMatchObject({ type: 'added' });
    expect(store.size).toBe(1);
  });

  test('what was made after a list is not missing from it', () => {
    const store = createObjectStore();
    store.offer(state('old', 'u1', 5));
    store.offer(state('new', 'u2', 9));
    expect(store.missingFrom(new Set(), '7')).toEqual(['/old']);
  });

  test('a version that moves alone is no change', () => {
    const store = createObjectStore();
    store.offer(state('a', 'u', 1));
    expect(store.offer(state('a', 'u', 2))).toBe('unchanged');
  });
});
