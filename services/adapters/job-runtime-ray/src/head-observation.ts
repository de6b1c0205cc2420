import { gangEnd, type GangFiles } from '@stratalab/job-runtime-local';
import type { JobObservation } from '@stratalab/kernel';
import type { RaySubmission } from './ray-client.ts';

export function isOver({ status }: RaySubmission): boolean {
  return status === 'STOPPED' || status === 'SUCCEEDED' || status === 'FAILED';
}

/**
 * Reads the head's state and the gang's own words as the port's. The gang knows codes, ranks and times. A head that was started anew has forgotten the job:
 * then what the gang wrote is all there is, and a gang that wrote only its beginning went with the head.
 */
export function headObservationOf(known: RaySubmission | undefined, { startedAt, result }: GangFiles): JobObservation {
  const started = startedAt === undefined ? {} : { startedAt };
  if (known === undefined) {
    if (result !== undefined) return gangEnd(result);
    return startedAt === undefined ? { phase: 'absent' } : { phase: 'ended', end: 'lost', message: 'The Ray cluster does not know this job any more.', ...started };
  }
  if (!isOver(known)) return known.status === 'PENDING' || startedAt === undefined ? { phase: 'starting' } : { phase: 'running', startedAt };
  if (result !== undefined) return gangEnd(result);
  if (known.status === 'STOPPED') return { phase: 'ended', end: 'cancelled', ...started };
  const message = known.message === '' ? 'The Ray cluster ended the job.' : (known.message.trim().split('\n')[0] ?? '');
  return { phase: 'ended', end: startedAt === undefined ? 'not-started' : 'lost', message, ...started };
}
