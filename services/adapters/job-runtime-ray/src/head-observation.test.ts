import { expect, test } from '@jest/globals';
import { headObservationOf } from './head-observation.ts';
import type { RayJobStatus, RaySubmission } from './ray-client.ts';

const submission = (status: RayJobStatus, message = ''): RaySubmission => ({ submissionId: 's', status, message });
const startedAt = '2026-01-01T00:00:05.000Z';
const result = { end: 'exited', endedAt: '2026-01-01T00:01:00.000Z', startedAt, exitCode: 0, failedRank: null, message: null } as const;

test('a submission is followed from its place in the head to the word of the gang', () => {
  expect(headObservationOf(undefined, {})).toEqual({ phase: 'absent' });
  expect([submission('PENDING'), submission('RUNNING')].map(known => headObservationOf(known, {}))).toEqual([{ phase: 'starting' }, { phase: 'starting' }]);
  expect(headObservationOf(submission('RUNNING'), { startedAt })).toEqual({ phase: 'running', startedAt });
  expect(headObservationOf(submission('SUCCEEDED'), { startedAt, result })).toMatchObject({ phase: 'ended', end: 'exited', exitCode: 0 });
});

test('F24 a head that forgot the job leaves what the gang wrote: its end, or that it is lost', () => {
  expect(headObservationOf(undefined, { startedAt, result })).toMatchObject({ phase: 'ended', end: 'exited', exitCode: 0 });
  expect(headObservationOf(undefined, { startedAt })).toMatchObject({ phase: 'ended', end: 'lost', startedAt });
});

test('a driver that ended without a word is told by its head', () => {
  expect(headObservationOf(submission('STOPPED'), {})).toEqual({ phase: 'ended', end: 'cancelled' });
  expect(headObservationOf(submission('FAILED', 'No module named ray\nmore'), {})).toEqual({ phase: 'ended', end: 'not-started', message: 'No module named ray' });
  expect(headObservationOf(submission('FAILED'), { startedAt })).toMatchObject({ end: 'lost', message: 'The Ray cluster ended the job.' });
});
