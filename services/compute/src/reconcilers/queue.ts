import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { serviceActor, type Reconciler, type ServiceContext, type Tx } from '@stratalab/kernel';
import type { ComputeConfig } from '../config.ts';
import { fits, minus, nothing, plus } from '../domain/amounts.ts';
import { quotaAmounts } from '../domain/job-spec.ts';
import { isFinal, jobUrn } from '../domain/job-view.ts';
import { freeDevices, planQueue, type QueuePlan } from '../domain/queue.ts';
import type { ComputePorts } from '../ports.ts';
import { announceJob, queueKind, wakeJob } from '../store/job-events.ts';
import { isNews } from '../domain/wait-news.ts';
import { holdsOf, holdsSlots, isHeld } from '../domain/queue-view.ts';
import type { QueueRow } from '../domain/queue-row.ts';
import { hasQueued, lockJob, lockSlots, readActive, updateJob } from '../store/job-store.ts';
import type { JobRow } from '../store/tables.ts';
import { queueState, quotaPrefix } from '../usecases/read-queue.ts';

type Context = ServiceContext<ComputePorts>;
const quotaLookMs = 3_000;
/** A plan reads the whole queue, and so does the taking of slots: with thousands of jobs waiting, one for each start would be most of the work. */
const startsPerLook = 100;

/**
 * Looks at the queue of the whole machine and starts what may start: quota of the tenant first, then all slots of the gang in one transaction.
 * Woken per tenant, plans for all of them: any number of planners may run, the slots are taken under one lock.
 */
export function createQueueReconciler(context: Context, config: ComputeConfig): Reconciler {
  return {
    kind: queueKind,
    concurrency: 1,
    leaseMs: config.STRATALAB_JOB_LEASE_SECONDS * 1000,
    list: async tx => {
      const rows = await readActive(tx);
      return [...new Set(rows.filter(({ state }) => state === 'queued').map(({ tenant }) => tenant))].map(tenant => ({ id: tenant, tenant }));
    },
    async reconcile({ signal }) {
      const refused = new Map<string, string>();
      // Every end of a job rings here; without anybody who waits nothing has to be read.
      if (!(await context.database.asSystem('see whether anybody waits', hasQueued))) return { isDone: true };
      for (;;) {
        const { rows, plan } = await look(context, refused);
        const next = plan.jobs.filter(({ mayStart }) => mayStart).slice(0, startsPerLook);
        const starting = next.flatMap(({ job }) => rows.find(({ id }) => id === job.id) ?? []);
        if (starting.length === 0) return { ...(await writePlaces(context, rows, plan)) };
        // All of them fit together, so one plan is good for several; who comes meanwhile is in the next one.
        const reserved: QueueRow[] = [];
        for (const row of starting) {
          signal.throwIfAborted();
          if (refused.has(askKey(row))) continue;
          const problem = await reserve(context, row);
          if (problem === undefined) reserved.push(row);
          else refused.set(askKey(row), problem);
        }
        if (reserved.length > 0) for (const row of await takeSlots(context, reserved)) await release(context, row);
      }
    }
  };
}

async function look(context: Context, refused: ReadonlyMap<string, string>): Promise<{ rows: readonly QueueRow[]; plan: QueuePlan }> {
  const capacity = await context.ports.runtime.capacity();
  const rows = await context.database.asSystem('plan the queue', readActive);
  return { rows, plan: planQueue(queueState(rows, { capacity, now: context.clock.now(), quotaReason: row => refused.get(askKey(row)) })) };
}

/** Jobs of one tenant that ask for the same: what its quota refuses to one of them it refuses, in the same look, to all. */
function askKey({ tenant, spec }: QueueRow): string {
  return JSON.stringify([tenant, quotaAmounts(spec)]);
}

/** Holds the quota of the tenant; answers the reason in plain words when it does not suffice right now. */
async function reserve(context: Context, row: QueueRow): Promise<string | undefined> {
  const control = context.clientFor(controlRoutes, serviceActor('compute', row.tenant, row.created_by));
  try {
    await control.reserveQuota({ params: { tenant: row.tenant }, body: { objectUrn: jobUrn(row), amounts: quotaAmounts(row.spec) } });
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'quota-exceeded') throw error;
    return `${quotaPrefix} of the tenant: ${lowerFirst(error.details.detail ?? 'it does not suffice right now.')}`;
  }
}

/** Who was cancelled while its quota was being held has no more use for it. */
async function release(context: Context, row: QueueRow): Promise<void> {
  const control = context.clientFor(controlRoutes, serviceActor('compute', row.tenant, row.created_by));
  await control.releaseReservation({ params: { tenant: row.tenant }, body: { objectUrn: jobUrn(row) } });
}

/**
 * All slots of a gang or none, gang by gang in the order of the plan; what changed since the plan was made is seen under the lock.
 * @returns those that are over or gone
 */
async function takeSlots(context: Context, planned: readonly QueueRow[]): Promise<readonly QueueRow[]> {
  const capacity = await context.ports.runtime.capacity();
  return context.database.asSystem('take slots', async tx => {
    await lockSlots(tx);
    const holding = (await readActive(tx, ['starting', 'running'])).filter(holdsSlots);
    let free = minus(
      capacity,
      holding.reduce((sum, held) => plus(sum, holdsOf(held)), nothing)
    );
    const heldDevices = holding.flatMap(({ gpu_devices }) => gpu_devices);
    const over: QueueRow[] = [];
    for (const asked of planned) {
      const row = await lockJob(tx, asked.tenant, asked.id);
      if (row === undefined || isFinal(row.state)) over.push(asked);
      if (row?.state !== 'queued' || !fits(holdsOf(row), free)) continue;
      const devices = freeDevices(capacity.gpu, heldDevices, row.gpu);
      free = minus(free, holdsOf(row));
      heldDevices.push(...devices);
      await beginAttempt(tx, row, devices);
    }
    return over;
  });
}

async function beginAttempt(tx: Tx, row: JobRow, devices: readonly number[]): Promise<void> {
  const started = await updateJob(tx, row.id, {
    state: 'starting',
    attempt: row.attempt + 1,
    gpu_devices: JSON.stringify(devices),
    wait_reason: null,
    place: null,
    not_before: null,
    attempt_started_at: null,
    usage_until: null,
    key_id: null
  });
  await announceJob(tx, started);
  await wakeJob(tx, started);
}

/** Writes places and reasons that changed. Looks again by itself for what nobody tells: quota that came free, a pause that is over. */
async function writePlaces(context: Context, rows: readonly QueueRow[], plan: QueuePlan): Promise<{ requeueAfterMs?: number; isDone?: boolean }> {
  const byId = new Map(rows.map(row => [row.id, row]));
  const held = Map.groupBy(rows.filter(isHeld), ({ tenant }) => tenant);
  const placed = plan.jobs.map(planned => ({ ...planned, place: planned.place + (held.get(planned.job.tenant)?.length ?? 0) }));
  const changed = placed.filter(({ job, place, reason }) => {
    const row = byId.get(job.id);
    return row !== undefined && isNews({ place: row.place, reason: row.wait_reason }, { place, reason });
  });
  if (changed.length > 0) {
    await context.database.asSystem('write places', async tx => {
      for (const { job, place, reason } of changed) {
        const row = await lockJob(tx, job.tenant, job.id);
        if (row?.state !== 'queued') continue;
        const written = await updateJob(tx, row.id, { place, wait_reason: reason });
        // A pause that counts down is no news.
        if (row.not_before === null || row.place !== place) await announceJob(tx, written);
      }
    });
  }
  const now = context.clock.now().getTime();
  const pauses = plan.jobs.flatMap(({ job }) => (job.notBefore === null ? [] : [Math.max(0, new Date(job.notBefore).getTime() - now) + 50]));
  const looks = plan.jobs.some(({ job }) => job.quotaReason !== undefined) ? [...pauses, quotaLookMs] : pauses;
  return looks.length === 0 ? { isDone: true } : { requeueAfterMs: Math.min(...looks) };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
