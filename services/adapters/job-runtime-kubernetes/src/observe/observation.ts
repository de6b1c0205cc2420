import type { V1Pod } from '@kubernetes/client-node';
import type { JobEnd, JobObservation } from '@stratalab/kernel';
import { marks } from '../site.ts';
import type { VolcanoJobState } from './cluster-objects.ts';

const endedPhases = new Set(['Completed', 'Failed', 'Aborted', 'Terminated']);
const runningPhases = new Set(['Running', 'Restarting', 'Completing', 'Aborting', 'Terminating']);

/** Whether a Volcano Job in this phase is over. */
export const isEndedPhase = (phase: string): boolean => endedPhases.has(phase);

interface PodEnd {
  readonly rank: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly at: number;
  /** A pod said which process failed first, so the order in which pods ended tells nothing. */
  readonly isTold: boolean;
}

/** Reads Volcano's state machine as the port's. A phase Volcano has not written yet means that the job is starting. */
export function observationOf(job: VolcanoJobState | undefined, pods: readonly V1Pod[]): JobObservation {
  if (job === undefined) return { phase: 'absent' };
  const phase = job.status?.state?.phase ?? '';
  const startedAt = firstStart(pods) ?? runningSince(job);
  if (runningPhases.has(phase) && startedAt !== undefined) return { phase: 'running', startedAt };
  if (!endedPhases.has(phase)) return { phase: 'starting' };
  const endedAt = isoOf(job.status?.state?.lastTransitionTime);
  return {
    phase: 'ended',
    ...endOf(phase, job, pods),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt })
  };
}

interface End {
  readonly end: JobEnd;
  readonly exitCode?: number;
  readonly failedRank?: number;
  readonly message?: string;
}

function endOf(phase: string, job: VolcanoJobState, pods: readonly V1Pod[]): End {
  if (job.metadata?.annotations?.[marks.ending] === 'cancelled') return { end: 'cancelled' };
  if (pods.some(pod => pod.status?.reason === 'DeadlineExceeded')) return { end: 'deadline' };
  if (phase === 'Completed') return { end: 'exited', exitCode: 0 };
  const taken = pods.flatMap(takenAway)[0];
  if (taken !== undefined) return { end: 'lost', message: taken };
  const [first] = pods.flatMap(podEnds).sort((a, b) => Number(b.isTold) - Number(a.isTold) || a.at - b.at);
  if (first === undefined) {
    const didRun = firstStart(pods) !== undefined || runningSince(job) !== undefined;
    return { end: didRun ? 'lost' : 'not-started', message: job.status?.state?.message || (didRun ? takenUnseen : 'No pod of the job says how it ended.') };
  }
  const message = first.reason === 'OOMKilled' ? { message: 'It used more memory than it may.' } : {};
  return { end: 'exited', exitCode: first.exitCode, failedRank: first.rank, ...message };
}

const takenUnseen = 'Its processes were taken away: for a tenant that was due the room, by an operator, or with a node.';

/** Pods that were taken away leave nothing to read; the job itself remembers that it ran. */
function runningSince(job: VolcanoJobState): string | undefined {
  return isoOf(job.status?.conditions?.find(({ status }) => status === 'Running')?.lastTransitionTime);
}

/** What Kubernetes calls a disruption, and what it was. */
const disruptions: Readonly<Record<string, string>> = {
  PreemptionByScheduler: 'A pod had to make room for a more important one.',
  DeletionByTaintManager: 'The node of a pod was lost or closed.',
  DeletionByPodGC: 'The node of a pod is gone.',
  EvictionByEvictionAPI: 'A pod was moved off its node by an operator.',
  TerminationByKubelet: 'A node had too little memory or disk for a pod.'
};

/** Why a pod was taken away from outside, in words; nothing for one that was not. */
function takenAway({ status }: V1Pod): readonly string[] {
  const { reason, message } = status ?? {};
  if (reason === 'Evicted' || reason === 'NodeLost' || reason === 'Preempting') return [message ?? `A pod was taken away: ${reason}.`];
  const evicted = status?.conditions?.find(condition => condition.type === 'Ready' && condition.reason === 'Evict');
  if (evicted !== undefined) return ['A pod had to make room for a tenant that was due it, or for a more important job.'];
  const disruption = status?.conditions?.find(condition => condition.type === 'DisruptionTarget' && condition.status === 'True');
  return disruption === undefined ? [] : [disruptions[disruption.reason ?? ''] ?? disruption.message ?? 'A pod was taken away.'];
}

function podEnds(pod: V1Pod): readonly PodEnd[] {
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  if (ended === undefined || ended.exitCode === 0) return [];
  // Written by `pod/mpi.py`, in whose gang the first pod ends with the code of whichever process failed.
  const told = /^rank (\d{1,6}) ended with \d{1,3}$/.exec(ended.message ?? '')?.[1];
  const rank = Number(told ?? pod.metadata?.labels?.['volcano.sh/task-index'] ?? rankOfName(pod));
  return [{ rank, exitCode: ended.exitCode, reason: ended.reason ?? '', at: timeOf(ended.finishedAt), isTold: told !== undefined }];
}

function rankOfName(pod: V1Pod): string {
  return pod.metadata?.name?.split('-').at(-1) ?? '0';
}

function firstStart(pods: readonly V1Pod[]): string | undefined {
  const times = pods.flatMap(pod => {
    const state = pod.status?.containerStatuses?.[0]?.state;
    const at = state?.running?.startedAt ?? state?.terminated?.startedAt;
    return at === undefined ? [] : [timeOf(at)];
  });
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
}

/** The client gives dates, a plain object text. */
function timeOf(value: Date | string | undefined): number {
  return value === undefined ? 0 : new Date(value).getTime();
}

function isoOf(value: Date | string | undefined): string | undefined {
  return value === undefined ? undefined : new Date(value).toISOString();
}
