import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import type { JobState } from '@stratalab/contracts/compute';
import type { JobObservation, ReconcileResult } from '@stratalab/kernel';
import { isSuccess, isWorthRetrying, reasonOf, retryPauseMs } from '../domain/job-end.ts';
import type { JobOutput } from '../domain/job-spec.ts';
import { jobUrn } from '../domain/job-view.ts';
import { announceEnd, announceJob, wakeQueue, wakeTidying } from '../store/job-events.ts';
import { lockJob, updateJob } from '../store/job-store.ts';
import { actorOf, type JobStep } from './job-step.ts';
import { publishOutputs } from './publish-outputs.ts';
import { recordUsage } from './record-usage.ts';

type Ended = Extract<JobObservation, { phase: 'ended' }>;

/** An attempt is over: its outputs are published, everything it held is given back, and only then the job says how it ended (or waits for its next attempt). */
export async function endAttempt(step: JobStep, ended: Ended): Promise<ReconcileResult> {
  const { job, service } = step;
  const outputs = isSuccess(ended) ? await publishOutputs(step) : job.outputs;
  await recordUsage(step, ended.endedAt ?? service.clock.now().toISOString());
  await giveBack(step);
  const isAgain = !isSuccess(ended) && isWorthRetrying(ended) && job.attempt <= job.spec.retries && job.cancel_requested_at === null;
  if (isAgain) return queueAgain(step, ended);
  await writeEnd(step, { ended, outputs });
  return { isDone: true };
}

/** Revokes the token and releases the quota; idempotent. */
async function giveBack({ service, job }: JobStep): Promise<void> {
  const control = service.clientFor(controlRoutes, actorOf(job));
  const params = { tenant: job.tenant };
  if (job.key_id !== null) {
    await control.revokeAccessKey({ params: { ...params, key: job.key_id } }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'not-found') throw error;
    });
  }
  await control.releaseReservation({ params, body: { objectUrn: jobUrn(job) } });
}

async function queueAgain({ context, service, job }: JobStep, ended: Ended): Promise<ReconcileResult> {
  const pauseMs = retryPauseMs(job.attempt);
  const notBefore = new Date(service.clock.now().getTime() + pauseMs).toISOString();
  const isQueued = await context.write(async tx => {
    const row = await lockJob(tx, job.tenant, job.id);
    // A cancel that came since the job was read: the look it asked for ends the job.
    if (row === undefined || row.cancel_requested_at !== null) return false;
    const queued = await updateJob(tx, job.id, {
      state: 'queued',
      not_before: notBefore,
      wait_reason: `${reasonOf(ended, job.spec)} Attempt ${job.attempt + 1} of ${job.spec.retries + 1} follows after a pause.`,
      exit_code: ended.exitCode ?? null,
      gpu_devices: '[]',
      key_id: null,
      attempt_started_at: null,
      progress: null
    });
    await announceJob(tx, queued);
    await wakeQueue(tx, job.tenant);
    return true;
  });
  return isQueued ? { isDone: true } : { requeueAfterMs: 0 };
}

async function writeEnd({ context, service, job }: JobStep, { ended, outputs }: { readonly ended: Ended; readonly outputs: readonly JobOutput[] }): Promise<void> {
  const missing = outputs.find(({ problem }) => problem !== null);
  const { state, reason } = verdict({ ended, job, missing });
  await context.write(async tx => {
    const row = await lockJob(tx, job.tenant, job.id);
    if (row === undefined) return;
    const over = await updateJob(tx, job.id, {
      state,
      reason,
      outputs: JSON.stringify(outputs),
      exit_code: ended.exitCode ?? null,
      finished_at: ended.endedAt ?? service.clock.now().toISOString(),
      gpu_devices: '[]',
      key_id: null
    });
    await announceEnd(tx, over);
    await wakeQueue(tx, job.tenant);
    await wakeTidying(tx, over);
  });
}

function verdict({ ended, job, missing }: { readonly ended: Ended; readonly job: JobStep['job']; readonly missing: JobOutput | undefined }): {
  state: JobState;
  reason: string | null;
} {
  // A job that had succeeded before the cancel reached it has succeeded.
  if (ended.end === 'cancelled' || (job.cancel_requested_at !== null && !isSuccess(ended)))
    return { state: 'cancelled', reason: `Cancelled by ${job.cancelled_by ?? 'the platform'}.` };
  if (!isSuccess(ended)) return { state: 'failed', reason: reasonOf(ended, job.spec) };
  if (missing !== undefined) return { state: 'failed', reason: `It ended well, but its output '${missing.name}' could not be published: ${missing.problem ?? ''}` };
  return { state: 'succeeded', reason: null };
}
