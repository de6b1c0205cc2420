import { describe, expect, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { marks } from '../site.ts';
import type { VolcanoJobState } from './cluster-objects.ts';
import { observationOf } from './observation.ts';

const job = (phase: string, annotations: Record<string, string> = {}): VolcanoJobState => ({
  metadata: { name: 'job-x-1', annotations },
  status: { state: { phase, lastTransitionTime: '2026-01-01T00:01:00Z' } }
});
const pod = (rank: number, ended: { exitCode: number; reason?: string; at: string }): V1Pod => ({
  metadata: { name: `job-x-1-worker-${rank}` },
  status: {
    containerStatuses: [
      {
        ...{ name: 'main', image: '', imageID: '', ready: false, restartCount: 0 },
        state: { terminated: { exitCode: ended.exitCode, reason: ended.reason ?? 'Error', startedAt: new Date('2026-01-01T00:00:00Z'), finishedAt: new Date(ended.at) } }
      }
    ]
  }
});
const running: V1Pod = {
  status: { containerStatuses: [{ name: 'main', image: '', imageID: '', ready: true, restartCount: 0, state: { running: { startedAt: new Date('2026-01-01T00:00:05Z') } } }] }
};

describe('what is seen of a job', () => {
  test('no object is absent; no phase yet, or a phase without a started pod, is starting', () => {
    expect(observationOf(undefined, [])).toEqual({ phase: 'absent' });
    expect(observationOf({ metadata: { name: 'x' } }, [])).toEqual({ phase: 'starting' });
    expect(observationOf(job('Pending'), [])).toEqual({ phase: 'starting' });
    expect(observationOf(job('Running'), [{ status: {} }])).toEqual({ phase: 'starting' });
  });

  test('it runs from the start of its first pod', () => {
    expect(observationOf(job('Running'), [running])).toEqual({ phase: 'running', startedAt: '2026-01-01T00:00:05.000Z' });
  });

  test('of several failed processes the first one counts', () => {
    const pods = [pod(0, { exitCode: 143, at: '2026-01-01T00:00:20Z' }), pod(1, { exitCode: 3, at: '2026-01-01T00:00:10Z' })];
    expect(observationOf(job('Aborted'), pods)).toMatchObject({ phase: 'ended', end: 'exited', exitCode: 3, failedRank: 1, endedAt: '2026-01-01T00:01:00.000Z' });
  });

  test('where a pod says which process failed, it is that one', () => {
    const first = pod(0, { exitCode: 5, at: '2026-01-01T00:00:20Z' });
    const { terminated } = first.status?.containerStatuses?.[0]?.state ?? {};
    if (terminated !== undefined) terminated.message = 'rank 3 ended with 5';
    const pods = [pod(1, { exitCode: 143, at: '2026-01-01T00:00:10Z' }), first];
    expect(observationOf(job('Aborted'), pods)).toMatchObject({ end: 'exited', exitCode: 5, failedRank: 3 });
  });

  test('F24 the ways to end are told apart', () => {
    const failed = pod(0, { exitCode: 137, reason: 'OOMKilled', at: '2026-01-01T00:00:10Z' });
    expect(observationOf(job('Completed'), [])).toMatchObject({ end: 'exited', exitCode: 0 });
    expect(observationOf(job('Aborted'), [failed])).toMatchObject({ end: 'exited', exitCode: 137, message: 'It used more memory than it may.' });
    expect(observationOf(job('Aborted', { [marks.ending]: 'cancelled' }), [failed])).toMatchObject({ end: 'cancelled' });
    expect(observationOf(job('Aborted'), [{ status: { reason: 'DeadlineExceeded' } }])).toMatchObject({ end: 'deadline' });
    expect(observationOf(job('Aborted'), [{ status: { reason: 'Evicted', message: 'The node was low on memory.' } }])).toMatchObject({
      end: 'lost',
      message: 'The node was low on memory.'
    });
    expect(observationOf(job('Failed'), [])).toMatchObject({ end: 'not-started' });
    const ran: VolcanoJobState = {
      ...job('Aborted'),
      status: { ...job('Aborted').status, conditions: [{ status: 'Pending' }, { status: 'Running', lastTransitionTime: '2026-01-01T00:00:30Z' }] }
    };
    expect(observationOf(ran, [])).toMatchObject({ end: 'lost', startedAt: '2026-01-01T00:00:30.000Z', message: expect.stringContaining('taken away') });
    expect(observationOf(job('Aborted'), [{ status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Evict' }] } }])).toMatchObject({
      end: 'lost',
      message: expect.stringContaining('make room')
    });
  });

  test.each([
    ['PreemptionByScheduler', 'A pod had to make room for a more important one.'],
    ['DeletionByTaintManager', 'The node of a pod was lost or closed.'],
    ['TerminationByKubelet', 'A node had too little memory or disk for a pod.'],
    ['SomethingNew', 'said by the cluster']
  ])('F24 a pod that was taken away (%s) is lost, with its own reason and not with the exit code of the kill', (reason, message) => {
    const taken = pod(0, { exitCode: 137, at: '2026-01-01T00:00:10Z' });
    const conditions = [{ type: 'DisruptionTarget', status: 'True', reason, message: 'said by the cluster' }];
    expect(observationOf(job('Aborted'), [{ ...taken, status: { ...taken.status, conditions } }])).toMatchObject({ phase: 'ended', end: 'lost', message });
  });
});
