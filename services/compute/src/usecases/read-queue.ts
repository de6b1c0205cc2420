import { Problem } from '@stratalab/contracts';
import type { Explanation, Queue } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { plainLaunchers, serviceActor, type Call, type Clock, type Database, type JobRuntime, type Room, type ServiceContext } from '@stratalab/kernel';
import { nothing, plus, times, type Amounts } from '../domain/amounts.ts';
import { isFinal } from '../domain/job-view.ts';
import { fittingAsk, planQueue, type PlannedJob, type QueuePlan, type QueueState, type WaitingJob } from '../domain/queue.ts';
import { askOf, heldInOrder, holdsOf, holdsSlots, isHeld, mostShown, runningEntries, waitingEntries } from '../domain/queue-view.ts';
import { leftOf, limitsOf, type KnownQuota } from '../domain/tenant-limits.ts';
import type { QueueRow } from '../domain/queue-row.ts';
import type { ComputePorts } from '../ports.ts';
import { findJob, readActive } from '../store/job-store.ts';
import type { JobRow } from '../store/tables.ts';

export interface QueueParts {
  readonly runtime: JobRuntime;
  readonly database: Database;
  readonly clock: Clock;
  readonly clientFor: ServiceContext<ComputePorts>['clientFor'];
}

export const quotaPrefix = 'Waiting for quota';

export function waitingOf(row: QueueRow, quotaReason?: string): WaitingJob {
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

/** What the plan of the queue is made of: who waits, and who holds slots. What a cluster holds back holds none. */
export function queueState(
  rows: readonly QueueRow[],
  given: { readonly capacity: Amounts; readonly now: Date; readonly quotaReason: (row: QueueRow) => string | undefined }
): QueueState {
  const waiting = rows.filter(({ state }) => state === 'queued').map(row => waitingOf(row, given.quotaReason(row)));
  const holding = rows.filter(holdsSlots).map(row => ({ tenant: row.tenant, needs: holdsOf(row) }));
  return { waiting, holding, capacity: given.capacity, now: given.now };
}

interface Snapshot {
  readonly rows: readonly QueueRow[];
  readonly state: QueueState;
  readonly plan: QueuePlan;
}

/** The queue of the whole machine as it stands; what leaves this file of other tenants is counts and amounts only. */
async function snapshot({ runtime, database, clock }: QueueParts): Promise<Snapshot> {
  const capacity = await runtime.capacity();
  const rows = await database.asSystem('look at the queue', readActive);
  const quotaReason = (row: QueueRow): string | undefined => (row.wait_reason?.startsWith(quotaPrefix) === true ? row.wait_reason : undefined);
  const state = { ...queueState(rows, { capacity, now: clock.now(), quotaReason }), ...(await machines(runtime)) };
  return { rows, state, plan: planQueue(state) };
}

/** Room on each machine, where there are several; a queue is told without suggestions rather than not at all. */
async function machines(runtime: JobRuntime): Promise<Pick<QueueState, 'nodes' | 'overheadMiB'>> {
  const pool = await runtime.pool?.().catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'unavailable') return undefined;
    throw error;
  });
  if (pool === undefined) return {};
  const nodes: readonly Room[] = pool.nodes
    .filter(({ takesJobs }) => takesJobs)
    .map(({ total, used, freeProcesses }) => ({ cpu: total.cpu - used.cpu, memoryMiB: total.memoryMiB - used.memoryMiB, gpu: total.gpu - used.gpu, processes: freeProcesses }));
  return { nodes, overheadMiB: pool.overheadMiB };
}

/** The queue as one tenant sees it: all of its own, of others how many and how much. */
export async function getQueue(parts: QueueParts, call: Call): Promise<Queue> {
  const [{ rows, state, plan }, quotas] = await Promise.all([snapshot(parts), quotasOf(parts, call)]);
  const items = waitingEntries(call.tenant, rows, withQuotaAsks(call.tenant, { plan, state, quotas }));
  const runningJobs = runningEntries(call.tenant, rows);
  return {
    items: items.slice(0, mostShown),
    waiting: items.length,
    runningJobs: runningJobs.slice(0, mostShown),
    use: { jobs: runningJobs.length, ...runningJobs.reduce((sum, { holds }) => plus(sum, holds), nothing) },
    limits: limitsOf(quotas),
    othersWaiting: rows.filter(row => row.tenant !== call.tenant && (row.state === 'queued' || isHeld(row))).length,
    running: runningJobs.length,
    total: { ...state.capacity },
    free: plan.free,
    launchers: [...((await parts.runtime.launchers?.(call.tenant)) ?? plainLaunchers)],
    gpuKinds: [...(parts.runtime.gpuKinds ?? [])]
  };
}

async function quotasOf(parts: QueueParts, call: Call): Promise<readonly KnownQuota[]> {
  const control = parts.clientFor(controlRoutes, serviceActor('compute', call.tenant, call.actor.subject));
  return (await control.getQuotas({ params: { tenant: call.tenant } }, { signal: call.signal })).items;
}

/** Whoever waits for quota would start with what the quota leaves, unless somebody before it waits for slots: nobody overtakes those. */
function withQuotaAsks(
  tenant: string,
  { plan, state, quotas }: { readonly plan: QueuePlan; readonly state: QueueState; readonly quotas: readonly KnownQuota[] }
): readonly PlannedJob[] {
  const firstBlocked = plan.jobs.findIndex(({ mayStart, job }) => !mayStart && job.quotaReason === undefined && job.notBefore === null);
  const left = leftOf(quotas);
  const least = { cpu: Math.min(left.cpu, plan.free.cpu), memoryMiB: Math.min(left.memoryMiB, plan.free.memoryMiB), gpu: Math.min(left.gpu, plan.free.gpu) };
  return plan.jobs.map((planned, index) => {
    if (planned.job.tenant !== tenant || planned.job.quotaReason === undefined || (firstBlocked >= 0 && firstBlocked < index)) return planned;
    return { ...planned, smallerAsk: fittingAsk(planned.job, state, least) };
  });
}

/** Why a job is where it is. @throws not-found */
export async function explainJob(parts: QueueParts, call: Call, id: string): Promise<Explanation> {
  const job = await call.read(tx => findJob(tx, call.tenant, id));
  if (job === undefined) throw new Problem('not-found');
  const { rows, plan } = await snapshot(parts);
  const needs = times(job.spec.resourcesPerProcess, job.spec.processes);
  const common = { state: job.state, needs, free: plan.free };
  const held = heldInOrder(rows, call.tenant);
  const place = held.findIndex(row => row.id === id);
  if (place >= 0) {
    const ahead = held.slice(0, place).map(row => ({ id: row.id, name: row.name, needs: holdsOf(row) }));
    return { ...common, sentence: sentenceOf(job), place: place + 1, wouldStartIf: null, smallerAsk: job.smaller_ask, ahead };
  }
  const planned = plan.jobs.find(candidate => candidate.job.id === id);
  if (planned === undefined || isFinal(job.state)) return { ...common, sentence: sentenceOf(job), place: null, wouldStartIf: null, smallerAsk: null, ahead: [] };
  const before = plan.jobs
    .filter(other => other.place < planned.place)
    .map(({ job: other, needs: otherNeeds }) => {
      const row = rows.find(candidate => candidate.id === other.id && candidate.tenant === call.tenant);
      return { id: row?.id ?? null, name: row?.name ?? null, needs: otherNeeds };
    });
  const ahead = [...held.map(row => ({ id: row.id, name: row.name, needs: holdsOf(row) })), ...before];
  const sentence = planned.reason === '' ? 'Starting now.' : planned.reason;
  return { ...common, sentence, place: planned.place + held.length, wouldStartIf: planned.wouldStartIf, smallerAsk: askOf(planned.smallerAsk), ahead };
}

function sentenceOf(job: JobRow): string {
  switch (job.state) {
    case 'queued':
      return job.wait_reason ?? 'Waiting for its turn.';
    case 'starting':
      return job.wait_reason ?? 'Its processes are being started.';
    case 'running':
      return job.cancel_requested_at === null ? `Running, attempt ${job.attempt}.` : 'It was asked to end.';
    case 'succeeded':
      return 'It succeeded.';
    case 'failed':
    case 'cancelled':
      return job.reason ?? 'It is over.';
  }
}
