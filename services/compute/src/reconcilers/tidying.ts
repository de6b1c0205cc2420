import type { Reconciler, ServiceContext } from '@stratalab/kernel';
import type { ComputeConfig } from '../config.ts';
import { isFinal } from '../domain/job-view.ts';
import type { ComputePorts } from '../ports.ts';
import { tidyingKind } from '../store/job-events.ts';
import { activeStates, findJob, updateJob } from '../store/job-store.ts';
import { tables } from '../store/tables.ts';
import { attemptOf } from './job-step.ts';

/** Takes away what a job that is over has no more use for. By itself, so that the end of many jobs holds up none that starts or runs. */
export function createTidyingReconciler(service: ServiceContext<ComputePorts>, config: ComputeConfig): Reconciler {
  return {
    kind: tidyingKind,
    concurrency: 2,
    leaseMs: config.STRATALAB_JOB_LEASE_SECONDS * 1000,
    resyncMs: 30_000,
    list: async tx => tables(tx).selectFrom('compute.job').select(['id', 'tenant']).where('is_tidy', '=', false).where('state', 'not in', activeStates).execute(),
    async reconcile(context) {
      const job = await context.read(tx => findJob(tx, context.tenant, context.id));
      if (job === undefined || job.is_tidy || !isFinal(job.state)) return { isDone: true };
      if (job.attempt > 0) await service.ports.runtime.tidy(attemptOf(job));
      await context.write(tx => updateJob(tx, job.id, { is_tidy: true }));
      return { isDone: true };
    }
  };
}
