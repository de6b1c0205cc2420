import { appendEvent, wake, type Tx } from '@stratalab/kernel';
import { jobUrn, type StoredJob } from '../domain/job-view.ts';

export const jobKind = 'job';
export const queueKind = 'job-queue';
export const tidyingKind = 'job-tidying';

/** Says that a job has another state, reason or place. */
export async function announceJob(tx: Tx, job: StoredJob, subject?: string): Promise<void> {
  await appendEvent(tx, {
    name: 'job.changed.v1',
    tenant: job.tenant,
    ...(subject === undefined ? {} : { subject }),
    urn: jobUrn(job),
    data: { job: job.id, name: job.name, state: job.state, createdBy: job.created_by, place: job.place }
  });
}

/** Says that a job is over, for ever, and what it was made from and made. */
export async function announceEnd(tx: Tx, job: StoredJob): Promise<void> {
  await announceJob(tx, job);
  const outputs = job.outputs.flatMap(({ urn }) => (urn === null ? [] : [urn]));
  await appendEvent(tx, {
    name: 'job.finished.v1',
    tenant: job.tenant,
    subject: job.created_by,
    urn: jobUrn(job),
    data: { job: job.id, name: job.name, state: job.state, createdBy: job.created_by, reason: job.reason, outputs }
  });
  const edges = [...job.spec.inputs.map(({ urn }) => ({ from: urn, to: jobUrn(job) })), ...outputs.map(urn => ({ from: jobUrn(job), to: urn }))];
  if (edges.length > 0 && job.attempt > 0) await appendEvent(tx, { name: 'lineage.recorded.v1', tenant: job.tenant, urn: jobUrn(job), data: { edges } });
}

/** The queue is looked at again: somebody came, left or gave something back. */
export async function wakeQueue(tx: Tx, tenant: string, delayMs = 0): Promise<void> {
  await wake(tx, { kind: queueKind, objectId: tenant, tenant, delayMs });
}

export async function wakeJob(tx: Tx, job: { readonly id: string; readonly tenant: string }, delayMs = 0): Promise<void> {
  await wake(tx, { kind: jobKind, objectId: job.id, tenant: job.tenant, delayMs });
}

/** What a job that is over left behind may go. */
export async function wakeTidying(tx: Tx, job: { readonly id: string; readonly tenant: string }): Promise<void> {
  await wake(tx, { kind: tidyingKind, objectId: job.id, tenant: job.tenant });
}
