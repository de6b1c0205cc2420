import type { Resources } from '@stratalab/contracts/compute';
import { smallerAsk, type JobAsk, type Room } from '@stratalab/kernel';
import { fits, minus, plus, nothing, moreWords, resourceKeys, times, words, type Amounts } from './amounts.ts';

export interface WaitingJob {
  readonly id: string;
  readonly tenant: string;
  readonly priority: number;
  /** Instant of the submit, RFC 3339. */
  readonly createdAt: string;
  readonly processes: number;
  readonly perProcess: Resources;
  /** A failed attempt waits until then. */
  readonly notBefore: string | null;
  /** Why the tenant's quota refused it just now. */
  readonly quotaReason?: string;
}

export interface HoldingJob {
  readonly tenant: string;
  readonly needs: Amounts;
}

export interface QueueState {
  readonly waiting: readonly WaitingJob[];
  /** Jobs that start or run. */
  readonly holding: readonly HoldingJob[];
  readonly capacity: Amounts;
  readonly now: Date;
  /** Room on each machine where there are several; one machine is what is free in all. */
  readonly nodes?: readonly Room[];
  /** Memory a process takes on them beside what it asks for. */
  readonly overheadMiB?: number;
}

export interface PlannedJob {
  readonly job: WaitingJob;
  readonly needs: Amounts;
  /** 1 is next. */
  readonly place: number;
  readonly mayStart: boolean;
  /** Why it waits, in plain words; empty when it may start. */
  readonly reason: string;
  readonly wouldStartIf: string | null;
  /** What would start now in its place. */
  readonly smallerAsk: JobAsk | null;
}

export interface QueuePlan {
  readonly jobs: readonly PlannedJob[];
  /** What nobody holds, before anything of this plan starts. */
  readonly free: Amounts;
}

const byPriority = (one: WaitingJob, other: WaitingJob): number => other.priority - one.priority || byAge(one, other);
const byAge = (one: WaitingJob, other: WaitingJob): number => compare(one.createdAt, other.createdAt) || compare(one.id, other.id);
/** By the order of their characters. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * The order of the queue. Inside a tenant: priority, then age. Between tenants: turns, so that the n-th job of one tenant, what it
 * runs already counted, never comes before the (n-1)-th of another; a priority moves nothing of others. Jobs that wait after a failure come last.
 */
export function orderQueue(state: Pick<QueueState, 'waiting' | 'holding' | 'now'>): readonly WaitingJob[] {
  const turns = new Map<string, number>();
  for (const { tenant } of state.holding) turns.set(tenant, (turns.get(tenant) ?? 0) + 1);
  const isLate = (job: WaitingJob): boolean => job.notBefore !== null && new Date(job.notBefore) > state.now;
  const placed = state.waiting
    .filter(job => !isLate(job))
    .sort(byPriority)
    .map(job => {
      const turn = turns.get(job.tenant) ?? 0;
      turns.set(job.tenant, turn + 1);
      return { job, turn };
    });
  placed.sort((one, other) => one.turn - other.turn || byAge(one.job, other.job));
  const late = state.waiting.filter(isLate).sort((one, other) => compare(one.notBefore ?? '', other.notBefore ?? '') || byAge(one, other));
  return [...placed.map(({ job }) => job), ...late];
}

/**
 * Who may start now, and why the others may not. A gang starts whole or not at all; nobody overtakes a job that waits for free slots, so a large
 * gang is never starved by small ones. A job that waits for quota or after a failure holds nobody up.
 */
export function planQueue(state: QueueState): QueuePlan {
  const free = minus(
    state.capacity,
    state.holding.reduce((sum, { needs }) => plus(sum, needs), nothing)
  );
  let left = free;
  let before = 0;
  let isBlocked = false;
  const jobs = orderQueue(state).map((job, index): PlannedJob => {
    const needs = times(job.perProcess, job.processes);
    const common = { job, needs, place: index + 1, smallerAsk: null };
    if (job.notBefore !== null && new Date(job.notBefore) > state.now) {
      const seconds = Math.ceil((new Date(job.notBefore).getTime() - state.now.getTime()) / 1000);
      return { ...common, mayStart: false, reason: `Waiting after a failed attempt; tries again in ${seconds} s.`, wouldStartIf: null };
    }
    if (job.quotaReason !== undefined)
      return { ...common, mayStart: false, reason: job.quotaReason, wouldStartIf: 'the tenant used less of its quota, or an administrator raised it' };
    if (!isBlocked && fits(needs, left)) {
      left = minus(left, needs);
      return { ...common, mayStart: true, reason: '', wouldStartIf: null };
    }
    const reason = isBlocked ? `Waiting behind ${before === 1 ? '1 job' : `${before} jobs`}.` : shortage(needs, left);
    // Nobody overtakes: what is smaller would start now only for the first one that waits for slots.
    const smaller = isBlocked ? null : fittingAsk(job, state, left);
    const wouldStartIf = wouldStart({ job, needs, left, before: isBlocked ? before : 0, smaller });
    isBlocked = true;
    before += 1;
    return { ...common, mayStart: false, reason, wouldStartIf, smallerAsk: smaller };
  });
  return { jobs, free };
}

/** "Waiting for 1 core: it needs 2 cores, and 1 is free." */
function shortage(needs: Amounts, free: Amounts): string {
  const missing = resourceKeys.filter(key => needs[key] > free[key]);
  const parts = missing.map(key => `${words(key, needs[key])}, and ${free[key] <= 0 ? 'none' : free[key]} ${free[key] <= 1 ? 'is' : 'are'} free`);
  return `Waiting for free slots: it needs ${parts.join('; ')}.`;
}

/** The nearest smaller ask that what is left has room for. */
export function fittingAsk(job: Pick<WaitingJob, 'processes' | 'perProcess'>, machines: Pick<QueueState, 'nodes' | 'overheadMiB'>, left: Amounts): JobAsk | null {
  const limit = { ...left, processes: null };
  const ask = { processes: job.processes, perProcess: job.perProcess };
  return smallerAsk(ask, { nodes: machines.nodes ?? [limit], limit, overheadMiB: machines.overheadMiB ?? 0 }) ?? null;
}

interface Lack {
  readonly job: WaitingJob;
  readonly needs: Amounts;
  readonly left: Amounts;
  readonly before: number;
  readonly smaller: JobAsk | null;
}

function wouldStart({ job, needs, left, before, smaller }: Lack): string {
  const others = `the ${before === 1 ? 'job' : `${before} jobs`} before it had started`;
  if (before > 0) return fits(needs, left) ? others : `${others} and ${lackingWords(needs, left)}`;
  if (smaller?.perProcess === job.perProcess) return `it had ${smaller.processes === 1 ? '1 process' : `${smaller.processes} processes`} instead of ${job.processes}`;
  return lackingWords(needs, left);
}

/** "2 more cores were free". */
function lackingWords(needs: Amounts, left: Amounts): string {
  const lacking = minus(needs, left);
  const missing = resourceKeys.filter(key => lacking[key] > 0);
  const isOne = missing.length === 1 && missing.every(key => key === 'memoryMiB' || lacking[key] === 1);
  return `${missing.map(key => moreWords(key, lacking[key])).join(' and ')} ${isOne ? 'was' : 'were'} free`;
}

/** Devices nobody holds, as many as needed, lowest first. */
export function freeDevices(total: number, held: readonly number[], count: number): readonly number[] {
  return Array.from({ length: total }, (_unused, index) => index)
    .filter(index => !held.includes(index))
    .slice(0, count);
}
