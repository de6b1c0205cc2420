import { expect, test } from '@jest/globals';
import { doubledJobs, leftovers, lostJobs, mostCores, type Sighting } from './promises.ts';

const seen = (given: Partial<Sighting>): Sighting => ({ kind: 'pod', type: 'added', jobId: 'a', uid: 'u', name: 'p', version: 1, phase: 'Running', cpu: 1, ...given });

test('P1 a job that vanished or never ended is lost', () => {
  const jobs = [
    { id: 'a', state: 'succeeded', attempt: 1 },
    { id: 'b', state: 'running', attempt: 1 }
  ];
  expect(lostJobs(['a', 'b', 'c'], jobs)).toEqual(['b', 'c']);
});

test('P2 a second pod under the same name, or a gang more than attempts, is a job that ran twice', () => {
  const jobs = [
    { id: 'a', state: 'succeeded', attempt: 1 },
    { id: 'b', state: 'succeeded', attempt: 2 },
    { id: 'c', state: 'succeeded', attempt: 1 }
  ];
  const sightings = [
    ...[seen({ uid: '1' }), seen({ uid: '2' })],
    ...[seen({ jobId: 'b', kind: 'gang', name: 'one', uid: '3' }), seen({ jobId: 'b', kind: 'gang', name: 'two', uid: '4' })],
    ...[seen({ jobId: 'c', kind: 'gang', name: 'one', uid: '5' }), seen({ jobId: 'c', kind: 'gang', name: 'two', uid: '6' })]
  ];
  expect(doubledJobs(sightings, jobs)).toEqual(['a', 'c']);
});

test('P5 cores count from the start of a pod to its end', () => {
  expect(
    mostCores([
      seen({ uid: '1', phase: 'Pending' }),
      seen({ uid: '1', cpu: 2 }),
      seen({ uid: '2', cpu: 1 }),
      seen({ uid: '1', type: 'modified', phase: 'Succeeded' }),
      seen({ uid: '3', cpu: 1.5 }),
      seen({ uid: '2', type: 'deleted' })
    ])
  ).toBe(3);
});

test('P5 what a list tells late counts from when it happened', () => {
  const first = seen({ uid: '1', version: 1 });
  expect(mostCores([first, seen({ uid: '2', version: 3 }), seen({ uid: '1', version: 2, type: 'modified', phase: 'Succeeded' })])).toBe(1);
});

test('P8 everything that should be gone is named', () => {
  expect(leftovers({ secrets: ['s'], commands: [], activePods: ['p'], reserved: 2, leases: ['job x'] })).toEqual(['secret s', 'pod p', '2 cores reserved', 'lease job x']);
  expect(leftovers({ secrets: [], commands: [], activePods: [], reserved: 0, leases: [] })).toEqual([]);
});
