import { announceJob } from '../store/job-events.ts';
import { lockJob, updateJob } from '../store/job-store.ts';
import { attemptOf, type JobStep } from './job-step.ts';

/** Writes down why an attempt that was started does not run yet, where its runtime can tell. @returns true when it waits for something */
export async function noteWait({ service, context, job }: JobStep): Promise<boolean> {
  const reason = (await service.ports.runtime.waitingReason?.(attemptOf(job))) ?? null;
  if (reason !== job.wait_reason) {
    await context.write(async tx => {
      const row = await lockJob(tx, job.tenant, job.id);
      if (row?.attempt !== job.attempt || row.state !== 'starting') return;
      await announceJob(tx, await updateJob(tx, job.id, { wait_reason: reason }));
    });
  }
  return reason !== null;
}
