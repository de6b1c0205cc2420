import { serviceActor, type Actor, type JobAttempt, type ReconcileContext, type ServiceContext } from '@stratalab/kernel';
import type { ComputeConfig } from '../config.ts';
import type { ComputePorts } from '../ports.ts';
import type { JobRow } from '../store/tables.ts';

/** What the steps of a job are given. */
export interface JobStep {
  readonly service: ServiceContext<ComputePorts>;
  readonly config: ComputeConfig;
  readonly context: ReconcileContext;
  readonly job: JobRow;
}

export const attemptOf = (job: JobRow): JobAttempt => ({ tenant: job.tenant, jobId: job.id, attempt: job.attempt });

/** The actor of the steps of a job. */
export const actorOf = (job: JobRow): Actor => serviceActor('compute', job.tenant, job.created_by);
