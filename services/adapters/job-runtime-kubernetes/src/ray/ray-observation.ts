import { gangEnd, type GangFiles } from '@stratalab/job-runtime-local';
import type { JobEnd, JobObservation } from '@stratalab/kernel';
import { marks } from '../site.ts';
import type { RayJobState } from './ray-objects.ts';

const endedStates = new Set(['Complete', 'Failed', 'ValidationFailed', 'Suspended']);

export function isRayJobOver(job: RayJobState): boolean {
  return endedStates.has(job.status?.jobDeploymentStatus ?? '');
}

/**
 * Reads the operator's state and the gang's own words as the port's. The gang knows codes, ranks and times; that nothing of it is left only the operator knows,
 * and where the gang could say nothing, its state is the reason.
 */
export function rayObservationOf(job: RayJobState | undefined, { startedAt, result }: GangFiles): JobObservation {
  if (job === undefined) return { phase: 'absent' };
  if (!isRayJobOver(job)) return startedAt === undefined ? { phase: 'starting' } : { phase: 'running', startedAt };
  if (result !== undefined) return gangEnd(result);
  return { phase: 'ended', ...silentEnd(job, startedAt), ...(startedAt === undefined ? {} : { startedAt }) };
}

function silentEnd(job: RayJobState, startedAt: string | undefined): { readonly end: JobEnd; readonly message?: string } {
  if (job.metadata?.annotations?.[marks.ending] === 'cancelled') return { end: 'cancelled' };
  const said = job.status?.message;
  const message = said === undefined || said === '' ? 'The Ray cluster of the job ended before the job did.' : said;
  return { end: startedAt === undefined ? 'not-started' : 'lost', message };
}
