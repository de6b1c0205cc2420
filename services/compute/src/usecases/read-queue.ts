import { Problem } from '@stratalab/contracts';
import type { Explanation, Queue } from '@stratalab/contracts/compute';
import { plainLaunchers, type Call, type Clock, type Database, type JobRuntime } from '@stratalab/kernel';
import { times, type Amounts } from '../domain/amounts.ts';
import { isFinal, jobUrn } from '../domain/job-view.ts';
import { planQueue, type QueuePlan, type WaitingJob } from '../domain/queue.ts';
import { findJob, readActive } from '../store/job-store.ts';
import type { JobRow } from '../store/tables.ts';

export interface QueueParts {
  readonly runtime: JobRuntime;
  readonly database: Database;
  readonly clock: Clock;
}

export const quotaPrefix = 'Waiting for quota';

export function holdsOf(row: JobRow): Amounts {
  return { cpu: row.cpu, memoryMiB: row.memory_mib, gpu: row.gpu };
}

export function waitingOf(row: JobRow, quotaReason?: string): WaitingJob {
  return {
    id: row.id,
    tenant: row.tenant,
    priority: row.priority,
    createdAt: row.created_at,
    processes: row.spec.processes,
    perProcess: row.spec.resourcesPerProcess,
    notBefore: row.not_before,
    ...(quotaReason === undefined ? {} : { quotaReason })
  };
}

interface Snapshot {
  readonly rows: readonly JobRow[];
  readonly plan: QueuePlan;
  readonly capacity: Amounts;
}

/** The queue of the whole machine as it stands; what leaves this file of other tenants is counts only. */
async function snapshot({ runtime, database, clock }: QueueParts): Promise<Snapshot> {
  const capacity = await runtime.capacity();
  const rows = await database.asSystem('look at the queue', readActive);
  const waiting = rows.filter(({ state }) => state === 'queued').map(row => waitingOf(row, row.wait_reason?.startsWith(quotaPrefix) === true ? row.wait_reason : undefined));
  const holding = rows.filter(({ state }) => state !== 'queued').map(row => ({ tenant: row.tenant, needs: holdsOf(row) }));
  return { rows, capacity, plan: planQueue({ waiting, holding, capacity, now: clock.now() }) };
}

export async function getQueue(parts: QueueParts, call: Call): Promise<Queue> {
  const { rows, plan, capacity } = await snapshot(parts);
  const byId = new Map(rows.map(row => [row.id, row]));
  const items = plan.jobs.flatMap(({ job, place, needs, reason, wouldStartIf }) => {
    const row = byId.get(job.id);
    if (row === undefined || row.tenant !== call.tenant) return [];
    const { id, name, created_by: createdBy, created_at: createdAt, priority } = row;
    return [
      {
        id,
        urn: jobUrn(row),
        name,
        createdBy,
        createdAt,
        place,
        priority,
        processes: row.spec.processes,
        needs,
        waitReason: reason === '' ? 'Starting now.' : reason,
        wouldStartIf
      }
    ];
  });
  return {
    items,
    othersWaiting: plan.jobs.length - items.length,
    running: rows.filter(({ state, tenant }) => state !== 'queued' && tenant === call.tenant).length,
    total: { ...capacity },
    free: plan.free,
    launchers: [...((await parts.runtime.launchers?.()) ?? plainLaunchers)]
  };
}

/** Why a job is where it is. @throws not-found */
export async function explainJob(parts: QueueParts, call: Call, id: string): Promise<Explanation> {
  const job = await call.read(tx => findJob(tx, call.tenant, id));
  if (job === undefined) throw new Problem('not-found');
  const { rows, plan } = await snapshot(parts);
  const needs = times(job.spec.resourcesPerProcess, job.spec.processes);
  const planned = plan.jobs.find(candidate => candidate.job.id === id);
  if (planned === undefined || isFinal(job.state)) return { state: job.state, sentence: sentenceOf(job), place: null, wouldStartIf: null, needs, free: plan.free, ahead: [] };
  const ahead = plan.jobs
    .filter(({ place }) => place < planned.place)
    .map(({ job: before, needs: beforeNeeds }) => {
      const row = rows.find(candidate => candidate.id === before.id && candidate.tenant === call.tenant);
      return { id: row?.id ?? null, name: row?.name ?? null, needs: beforeNeeds };
    });
  const sentence = planned.reason === '' ? 'Starting now.' : planned.reason;
  return { state: job.state, sentence, place: planned.place, wouldStartIf: planned.wouldStartIf, needs, free: plan.free, ahead };
}

function sentenceOf(job: JobRow): string {
  switch (job.state) {
    case 'queued':
      return job.wait_reason ?? 'Waiting for its turn.';
    case 'starting':
      return 'Its processes are being started.';
    case 'running':
      return job.cancel_requested_at === null ? `Running, attempt ${job.attempt}.` : 'It was asked to end.';
    case 'succeeded':
      return 'It succeeded.';
    case 'failed':
    case 'cancelled':
      return job.reason ?? 'It is over.';
  }
}
