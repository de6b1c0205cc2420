import { Problem } from '@stratalab/contracts';
import type { ProgressReport } from '@stratalab/contracts/compute';
import { appendEvent, type Call, type Tx } from '@stratalab/kernel';
import { jobUrn } from '../domain/job-view.ts';
import { advanceByReport, type Advance } from '../domain/progress.ts';
import { lockJob, updateJob } from '../store/job-store.ts';
import { insertMetrics } from '../store/metric-store.ts';
import type { JobRow } from '../store/tables.ts';

/**
 * Takes a report from inside a job. Only the job itself may report, with the token it was given.
 * @throws forbidden for other credentials; invalid-state when the job does not run
 */
export async function reportProgress(now: Date, call: Call, input: { readonly id: string; readonly report: ProgressReport }): Promise<void> {
  if (call.actor.jobId !== input.id) throw new Problem('forbidden', { detail: 'Only the job itself reports its progress, with its own token.' });
  await call.commit(
    async tx => {
      const job = await lockJob(tx, call.tenant, input.id);
      if (job === undefined) throw new Problem('not-found');
      if (job.state !== 'running' && job.state !== 'starting') throw new Problem('invalid-state', { detail: 'This job does not run.' });
      await storeAdvance(tx, job, advanceByReport({ progress: job.progress, nextStep: job.metric_step, startedAt: job.attempt_started_at, now }, input.report));
    },
    () => jobUrn({ tenant: call.tenant, id: input.id })
  );
}

/** Keeps progress and points, and tells whoever watches. */
export async function storeAdvance(tx: Tx, job: JobRow, { progress, points, nextStep }: Advance, logOffset?: number): Promise<void> {
  await insertMetrics(tx, job, points);
  await updateJob(tx, job.id, { progress: JSON.stringify(progress), metric_step: nextStep, ...(logOffset === undefined ? {} : { log_offset: logOffset }) });
  await appendEvent(tx, {
    name: 'job.progress.v1',
    tenant: job.tenant,
    urn: jobUrn(job),
    data: { job: job.id, fraction: progress.fraction, message: progress.message, etaSeconds: progress.etaSeconds }
  });
}
