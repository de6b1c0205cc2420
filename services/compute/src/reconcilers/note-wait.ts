import type { SmallerAsk } from '@stratalab/contracts/compute';
import { announceJob, wakeQueue } from '../store/job-events.ts';
import { countHeldBefore, lockJob, updateJob } from '../store/job-store.ts';
import { attemptOf, type JobStep } from './job-step.ts';

/**
 * Writes down why an attempt that was started does not run yet, where its runtime can tell: the reason, its place in the queue of the tenant on the cluster
 * (priority, then age), and what would start now instead. @returns true when it waits for something
 */
export async function noteWait(step: JobStep): Promise<boolean> {
  const { service, context, job } = step;
  const reason = (await service.ports.runtime.waitingReason?.(attemptOf(job), job.wait_reason ?? undefined)) ?? null;
  const smaller = reason === null ? null : await smallerAskOf(step);
  if (reason === null && job.wait_reason === null) return false;
  await context.write(async tx => {
    const row = await lockJob(tx, job.tenant, job.id);
    if (row?.attempt !== job.attempt || row.state !== 'starting') return;
    const place = reason === null ? null : (await countHeldBefore(tx, row)) + 1;
    if (reason === row.wait_reason && place === row.place && isSame(smaller, row.smaller_ask)) return;
    await announceJob(tx, await updateJob(tx, job.id, { wait_reason: reason, place, smaller_ask: smaller === null ? null : JSON.stringify(smaller) }));
    // What a job does not hold while it waits there is free for others.
    if ((reason === null) !== (row.wait_reason === null)) await wakeQueue(tx, job.tenant);
  });
  return reason !== null;
}

function isSame(one: SmallerAsk | null, other: SmallerAsk | null): boolean {
  if (one === null || other === null) return one === other;
  const { cpu, memoryMiB, gpu } = other.resourcesPerProcess;
  return one.processes === other.processes && one.resourcesPerProcess.cpu === cpu && one.resourcesPerProcess.memoryMiB === memoryMiB && one.resourcesPerProcess.gpu === gpu;
}

async function smallerAskOf({ service, job }: JobStep): Promise<SmallerAsk | null> {
  const { processes, resourcesPerProcess } = job.spec;
  const smaller = await service.ports.runtime.smallerAsk?.(attemptOf(job), { processes, perProcess: resourcesPerProcess });
  return smaller === undefined ? null : { processes: smaller.processes, resourcesPerProcess: { ...smaller.perProcess } };
}
