import { controlRoutes } from '@stratalab/contracts/control';
import { jobUrn } from '../domain/job-view.ts';
import { intervalEnd, usageOf } from '../domain/usage.ts';
import { updateJob } from '../store/job-store.ts';
import { holdsOf } from '../domain/queue-view.ts';
import { actorOf, type JobStep } from './job-step.ts';

/** Books every interval of use that is over; all of them when the attempt ended. The same interval is booked once, however often this runs. */
export async function recordUsage({ service, context, job }: JobStep, endedAt: string | undefined): Promise<void> {
  const control = service.clientFor(controlRoutes, actorOf(job));
  let from = job.usage_until;
  while (from !== null) {
    const to = intervalEnd(from, service.clock.now(), endedAt);
    if (to === undefined || to === from) return;
    const entries = usageOf({ urn: jobUrn(job), attempt: job.attempt, subject: job.created_by, holds: holdsOf(job), from, to });
    if (entries.length > 0) await control.recordUsage({ params: { tenant: job.tenant }, body: { entries } });
    await context.write(tx => updateJob(tx, job.id, { usage_until: to }));
    from = to;
  }
}
