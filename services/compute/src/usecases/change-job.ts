import { Problem } from '@stratalab/contracts';
import type { Job } from '@stratalab/contracts/compute';
import { aheadOfOthersMs, type Call, type Tx } from '@stratalab/kernel';
import { inputOf } from '../domain/job-spec.ts';
import { isFinal, jobOf, jobUrn } from '../domain/job-view.ts';
import { holdsSlots } from '../domain/queue-view.ts';
import { announceEnd, announceJob, wakeJob, wakeQueue, wakeTidying } from '../store/job-events.ts';
import { findJob, lockJob, removeJob, updateJob } from '../store/job-store.ts';
import { submitJob, type ComputeContext } from './submit-job.ts';

/**
 * Asks a job to end; what has not started yet ends at once.
 * @param ifWaiting leaves alone what has started by the time the row is locked
 * @throws invalid-state when it is over already, or has started and was only to be taken out of the queue
 */
export async function cancelJob(now: Date, call: Call, { id, ifWaiting }: { readonly id: string; readonly ifWaiting: boolean }): Promise<Job> {
  return call.commit(
    tx => askToEnd(tx, { tenant: call.tenant, id, by: call.actor.subject, now, ifWaiting }),
    () => jobUrn({ tenant: call.tenant, id })
  );
}

interface AskToEnd {
  readonly tenant: string;
  readonly id: string;
  readonly by: string;
  readonly now: Date;
  readonly ifWaiting?: boolean;
}

/** The cancel of one job in the caller's transaction. @throws not-found; invalid-state when it is over already, or has started and was to be cancelled if it waits */
export async function askToEnd(tx: Tx, ask: AskToEnd): Promise<Job> {
  const job = await lockJob(tx, ask.tenant, ask.id);
  if (job === undefined) throw new Problem('not-found');
  if (isFinal(job.state)) throw new Problem('invalid-state', { detail: `This job is over: it ${job.state === 'cancelled' ? 'was cancelled' : job.state}.` });
  if (ask.ifWaiting === true && holdsSlots(job)) throw new Problem('invalid-state', { detail: 'This job has started.' });
  const asked = { cancel_requested_at: job.cancel_requested_at ?? ask.now.toISOString(), cancelled_by: job.cancelled_by ?? ask.by };
  if (job.state !== 'queued') {
    const changed = await updateJob(tx, ask.id, asked);
    await announceJob(tx, changed, ask.by);
    await wakeJob(tx, changed, aheadOfOthersMs);
    return jobOf(changed);
  }
  const reason = `Cancelled by ${ask.by} before it started.`;
  const ended = await updateJob(tx, ask.id, { ...asked, state: 'cancelled', reason, finished_at: ask.now.toISOString(), wait_reason: null, place: null });
  await announceEnd(tx, ended);
  await wakeTidying(tx, ended);
  await wakeQueue(tx, ask.tenant);
  return jobOf(ended);
}

/**
 * Submits a finished job again, as a new one with the same dataset versions; the old one stays as it ended.
 * @throws invalid-state while it is not over
 */
export async function retryJob(context: ComputeContext, call: Call, id: string): Promise<Job> {
  const job = await call.read(tx => findJob(tx, call.tenant, id));
  if (job === undefined) throw new Problem('not-found');
  if (!isFinal(job.state)) throw new Problem('invalid-state', { detail: 'This job is not over yet.', hint: 'Cancel it first.' });
  return submitJob(context, call, { input: inputOf(job.name, job.priority, job.spec), retryOf: id });
}

/** Deletes a finished job; its files go a moment later. @throws invalid-state while it is not over */
export async function deleteJob(call: Call, id: string): Promise<void> {
  await call.commit(
    async tx => {
      const job = await lockJob(tx, call.tenant, id);
      if (job === undefined) throw new Problem('not-found');
      if (!isFinal(job.state) || !job.is_tidy) throw new Problem('invalid-state', { detail: 'This job is not over yet.', hint: 'Cancel it first, then delete it.' });
      await removeJob(tx, id);
      await announceJob(tx, job, call.actor.subject);
      await wakeJob(tx, job);
    },
    () => jobUrn({ tenant: call.tenant, id })
  );
}
