import type { Origin } from '@stratalab/contracts/models';
import type { Actor } from '@stratalab/kernel';
import { originOf, withJob, type FindJob } from './origin.ts';

export const originKind = 'models-run-origin';

/** The origin of what `actor` makes now, with its job when `compute` answers. */
export async function fullOrigin(findJob: FindJob, actor: Actor, tenant: string): Promise<{ readonly origin: Origin; readonly isComplete: boolean }> {
  const origin = originOf(actor, tenant);
  if (actor.jobId === undefined) return { origin, isComplete: true };
  const job = await findJob(tenant, actor.jobId);
  return { origin: withJob(origin, job), isComplete: job !== undefined };
}
