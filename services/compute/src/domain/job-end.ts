import type { JobObservation } from '@stratalab/kernel';

type Ended = Extract<JobObservation, { phase: 'ended' }>;

const firstPauseMs = 2_000;
const longestPauseMs = 5 * 60_000;
const signalBase = 128;
const killed = 9;

/** Pause before attempt `attempt + 1`: 2 s, doubling to 5 minutes. */
export function retryPauseMs(attempt: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(attempt - 1, 20), longestPauseMs);
}

export function isSuccess({ end, exitCode }: Ended): boolean {
  return end === 'exited' && exitCode === 0;
}

/** Whether another attempt may help: not after a cancel, and not where nothing could be started. */
export function isWorthRetrying({ end }: Ended): boolean {
  return end !== 'cancelled' && end !== 'not-started';
}

/** Why it did not succeed, in one plain sentence. */
export function reasonOf(ended: Ended, spec: { readonly deadlineSeconds: number | null; readonly processes: number }): string {
  if (ended.end === 'deadline') return `It ran longer than its deadline of ${spec.deadlineSeconds ?? 0} s and was stopped.`;
  if (ended.end === 'not-started') return ended.message ?? 'Its processes could not be started.';
  if (ended.end === 'lost') return `It was lost. ${ended.message ?? ''}`.trim();
  const who = ended.failedRank !== undefined && spec.processes > 1 ? `Process ${ended.failedRank}` : spec.processes > 1 ? 'One of its processes' : 'Its process';
  const code = ended.exitCode ?? 1;
  if (code > signalBase) {
    const hint = code === signalBase + killed ? ', most likely because the memory of the machine ran out' : '';
    return `${who} was ended by signal ${code - signalBase}${hint}. See its log.`;
  }
  return `${who} ended with exit code ${code}. See its log.`;
}
