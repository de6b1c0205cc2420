import type { JobObservation } from '@stratalab/kernel';
import type { GangResult } from './ray-gang.ts';

/** The end of a gang as its driver tells it. */
export function gangEnd({ end, endedAt, startedAt, exitCode, failedRank, message }: GangResult): Extract<JobObservation, { phase: 'ended' }> {
  return {
    ...{ phase: 'ended', end, endedAt },
    ...(exitCode === null ? {} : { exitCode }),
    ...(failedRank === null ? {} : { failedRank }),
    ...(message === null ? {} : { message }),
    ...(startedAt === null ? {} : { startedAt })
  };
}
