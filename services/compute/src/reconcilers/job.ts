import type { JobObservation, Reconciler, ReconcileResult, ServiceContext } from '@stratalab/kernel';
import type { ComputeConfig } from '../config.ts';
import { isFinal } from '../domain/job-view.ts';
import type { ComputePorts } from '../ports.ts';
import { announceJob, jobKind } from '../store/job-events.ts';
import { findJob, lockJob, updateJob } from '../store/job-store.ts';
import { tables, type JobRow } from '../store/tables.ts';
import { endAttempt } from './end-attempt.ts';
import { followProgress } from './follow-progress.ts';
import { attemptOf, type JobStep } from './job-step.ts';
import { recordUsage } from './record-usage.ts';
import { NotTaken, noteNotTaken } from './not-taken.ts';
import { noteWait } from './note-wait.ts';
import { startAttempt } from './start-attempt.ts';

const startingLookMs = 200;
/** A cluster that has no place right now is asked less often. */
const waitingLookMs = 2_000;
/** Where the runtime tells of changes, looks find what it did not tell, and new reasons to wait; the longer a job waits, the fewer. */
const fewestLookMs = 60_000;
const runningLookMs = 1_000;
const removalLookMs = 500;

/** Drives one job from its place in the slots to its end: start, watch, publish, give everything back. */
export function createJobReconciler(service: ServiceContext<ComputePorts>, config: ComputeConfig): Reconciler {
  return {
    kind: jobKind,
    concurrency: 8,
    leaseMs: config.STRATALAB_JOB_LEASE_SECONDS * 1000,
    resyncMs: 30_000,
    list: async tx => tables(tx).selectFrom('compute.job').select(['id', 'tenant']).where('state', 'in', ['starting', 'running']).execute(),
    async reconcile(context) {
      const job = await context.read(tx => findJob(tx, context.tenant, context.id));
      const { runtime } = service.ports;
      if (job === undefined) return (await runtime.remove({ tenant: context.tenant, jobId: context.id })) ? { isDone: true } : { requeueAfterMs: removalLookMs };
      if (job.state === 'queued' || isFinal(job.state)) return { isDone: true };
      return look({ service, config, context, job });
    }
  };
}

async function look(step: JobStep): Promise<ReconcileResult> {
  const { job, service } = step;
  const { runtime } = service.ports;
  const isCancelled = job.cancel_requested_at !== null;
  const seen = await runtime.observe(attemptOf(job));
  if (seen.phase === 'absent') {
    // A running attempt of which nothing is left was removed from outside; one that never came to be is started, again if need be.
    if (job.state === 'running') return endAttempt(step, { phase: 'ended', end: 'lost', message: 'Nothing of it is left on this machine.' });
    if (isCancelled) return endAttempt(step, { phase: 'ended', end: 'cancelled' });
    try {
      await startAttempt(step);
    } catch (error) {
      if (error instanceof NotTaken) return noteNotTaken(step, error);
      throw error;
    }
    return { requeueAfterMs: startingLookMs };
  }
  if (isCancelled && seen.phase !== 'ended') await runtime.cancel(attemptOf(job), { graceMs: step.config.STRATALAB_JOB_GRACE_SECONDS * 1000 });
  if (seen.phase === 'starting') {
    const isWaiting = await noteWait(step);
    // A cancel under way is no change of the runtime's.
    if (runtime.changes !== undefined && !isCancelled) return { requeueAfterMs: toldLookMs(service.clock.now().getTime() - Date.parse(job.created_at)) };
    return { requeueAfterMs: isWaiting ? waitingLookMs : startingLookMs };
  }
  const current = { ...step, job: await noteStart(step, seen) };
  await followProgress(current);
  if (seen.phase === 'ended') return endAttempt(current, seen);
  await recordUsage(current, undefined);
  return { requeueAfterMs: isCancelled ? startingLookMs : runningLookMs };
}

function toldLookMs(ageMs: number): number {
  return Math.min(fewestLookMs, Math.max(waitingLookMs, ageMs));
}

/** Writes down, once, that the attempt runs and since when. */
async function noteStart({ context, job }: JobStep, seen: Extract<JobObservation, { phase: 'running' | 'ended' }>): Promise<JobRow> {
  const { startedAt } = seen;
  if (job.attempt_started_at !== null || startedAt === undefined) return job;
  return context.write(async tx => {
    const row = await lockJob(tx, job.tenant, job.id);
    if (row?.attempt !== job.attempt || row.state !== 'starting') return row ?? job;
    const started = await updateJob(tx, job.id, {
      state: 'running',
      wait_reason: null,
      started_at: row.started_at ?? startedAt,
      attempt_started_at: startedAt,
      usage_until: startedAt
    });
    await announceJob(tx, started);
    return started;
  });
}
