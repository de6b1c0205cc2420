import { describe, expect, test } from '@jest/globals';
import { marks } from '../site.ts';
import type { RayJobState } from './ray-objects.ts';
import { rayObservationOf } from './ray-observation.ts';

const job = (jobDeploymentStatus: string, given: RayJobState = {}): RayJobState => ({ ...given, status: { ...given.status, jobDeploymentStatus } });
const startedAt = '2026-01-01T00:00:05.000Z';
const result = { end: 'exited', endedAt: '2026-01-01T00:01:00.000Z', startedAt, exitCode: 3, failedRank: 1, message: null } as const;

describe('what is seen of a job on Ray', () => {
  test('no object is absent; it starts until the gang says that it runs', () => {
    expect(rayObservationOf(undefined, {})).toEqual({ phase: 'absent' });
    for (const state of ['', 'Initializing', 'Waiting', 'Running']) expect(rayObservationOf(job(state), {})).toEqual({ phase: 'starting' });
    expect(rayObservationOf(job('Running'), { startedAt })).toEqual({ phase: 'running', startedAt });
  });

  test('a gang that said how it ended still holds its cluster until the operator is done', () => {
    expect(rayObservationOf(job('Running'), { startedAt, result })).toEqual({ phase: 'running', startedAt });
    expect(rayObservationOf(job('Failed'), { startedAt, result })).toEqual({
      ...{ phase: 'ended', end: 'exited', exitCode: 3, failedRank: 1, startedAt, endedAt: '2026-01-01T00:01:00.000Z' }
    });
  });

  test('where the gang could say nothing, the operator does', () => {
    const cancelled = { metadata: { annotations: { [marks.ending]: 'cancelled' } } };
    expect(rayObservationOf(job('Suspended', cancelled), {})).toEqual({ phase: 'ended', end: 'cancelled' });
    expect(rayObservationOf(job('ValidationFailed', { status: { message: 'The name is too long.' } }), {})).toEqual({
      phase: 'ended',
      end: 'not-started',
      message: 'The name is too long.'
    });
    expect(rayObservationOf(job('Failed'), { startedAt })).toEqual({
      phase: 'ended',
      end: 'lost',
      message: 'The Ray cluster of the job ended before the job did.',
      startedAt
    });
  });
});
