import type { Problem } from '@stratalab/contracts';
import type { ReconcileResult } from '@stratalab/kernel';
import { announceJob, wakeQueue } from '../store/job-events.ts';
import { countHeldBefore, lockJob, updateJob } from '../store/job-store.ts';
import { endAttempt } from './end-attempt.ts';
import type { JobStep } from './job-step.ts';

const againMs = 5_000;
const longestReason = 600;

/** What the runtime said when it did not take an attempt. */
export class NotTaken extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message, { cause: problem });
    this.name = 'NotTaken';
    this.problem = problem;
  }
}

/**
 * An attempt the runtime did not take: what it will never take ends the job with the runtime's reason; everything else is a reason to wait, which people see, and is
 * tried again. It holds nothing meanwhile.
 */
export async function noteNotTaken(step: JobStep, { problem }: NotTaken): Promise<ReconcileResult> {
  const { context, job } = step;
  const said = (problem.details.detail ?? problem.message).slice(0, longestReason);
  if (problem.code === 'invalid-request' || problem.code === 'invalid-input') return endAttempt(step, { phase: 'ended', end: 'not-started', message: said });
  context.logger.warn({ event: 'job.not_taken', job: job.id, code: problem.code }, said);
  await context.write(async tx => {
    const row = await lockJob(tx, job.tenant, job.id);
    if (row?.attempt !== job.attempt || row.state !== 'starting' || row.wait_reason === said) return;
    const place = (await countHeldBefore(tx, row)) + 1;
    await announceJob(tx, await updateJob(tx, job.id, { wait_reason: said, place, smaller_ask: null }));
    if (row.wait_reason === null) await wakeQueue(tx, job.tenant);
  });
  return { requeueAfterMs: againMs };
}
