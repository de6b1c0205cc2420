import { fairShares, jainIndex } from './fairness.ts';
import type { ScenarioDocument } from './scenario-schema.ts';
import { amountOf, momentsOf, type JobHistory, type Moment, type Resource, type Timeline } from './timeline.ts';

export interface WaitingTimes {
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly maxSeconds: number;
}

export interface TenantResult {
  readonly tenant: string;
  readonly jobs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unfinished: number;
  /** Tries that lost their place to another tenant, and tries that a failure ended. */
  readonly preempted: number;
  readonly interrupted: number;
  /** From the arrival of a job until it first ran; a job that never did waited until the end. */
  readonly waiting: WaitingTimes;
  /** The same for each priority of its jobs, highest first. */
  readonly priorities: readonly { readonly priority: number; readonly jobs: number; readonly waiting: WaitingTimes }[];
  /** Part of the pools' time this tenant held, while jobs arrived. */
  readonly cpuShare: number;
  readonly gpuShare: number;
  /** Part of the scarce resource it held, and was entitled to by its weight and its demand. */
  readonly heldShare: number;
  readonly entitledShare: number;
}

export interface RunResult {
  readonly name: string;
  readonly tenants: readonly TenantResult[];
  /** Part of the pools in use while jobs arrived. */
  readonly cpuUtilisation: number;
  readonly gpuUtilisation: number | undefined;
  /** The resource that was asked for most, against what there is; fairness is judged by it. */
  readonly scarce: Resource;
  /** Jain's index over what tenants held of what they were entitled to. */
  readonly fairness: number;
  readonly finishedAfterSeconds: number;
}

/** @param weights by tenant; what is not named weighs 1 */
export function summarise(name: string, scenario: ScenarioDocument, timeline: Timeline, weights: ReadonlyMap<string, number>): RunResult {
  const capacity = capacityOf(scenario);
  const moments = momentsOf(timeline, timeline.arrivalSeconds);
  const tenants = scenario.tenants.map(tenant => tenant.name);
  const scarce = scarceResource(timeline, capacity);
  const used = (tenant: string, resource: Resource): number => shareOf(moments, capacity[resource], moment => moment.used.get(tenant)?.[resource] ?? 0);
  const entitled = entitledShares(moments, capacity[scarce], { tenants, weights, scarce });
  const results = tenants.map((tenant, index) =>
    tenantResult(tenant, timeline, { cpuShare: used(tenant, 'cpu'), gpuShare: used(tenant, 'gpu'), heldShare: used(tenant, scarce), entitledShare: entitled[index] ?? 0 })
  );
  const total = (resource: Resource): number => tenants.reduce((sum, tenant) => sum + used(tenant, resource), 0);
  return {
    name,
    tenants: results,
    cpuUtilisation: total('cpu'),
    gpuUtilisation: capacity.gpu === 0 ? undefined : total('gpu'),
    scarce,
    fairness: jainIndex(results.filter(({ entitledShare }) => entitledShare > 0).map(({ heldShare, entitledShare }) => heldShare / entitledShare)),
    finishedAfterSeconds: timeline.endSeconds
  };
}

/** @param share 0.95 for the 95th percentile (nearest rank); 0 for nothing */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function tenantResult(tenant: string, { jobs, endSeconds }: Timeline, shares: Pick<TenantResult, 'cpuShare' | 'gpuShare' | 'heldShare' | 'entitledShare'>): TenantResult {
  const own = jobs.filter(({ job }) => job.tenant === tenant);
  const waitsOf = (of: readonly JobHistory[]): WaitingTimes => waitingTimes(of.map(history => waitOf(history, endSeconds)));
  const levels = [...new Set(own.map(({ job }) => job.priority))].sort((a, b) => b - a);
  const outcome = (wanted: JobHistory['outcome']): number => own.filter(history => history.outcome === wanted).length;
  const tries = (end: string): number => own.reduce((total, history) => total + history.tries.filter(attempt => attempt.end === end).length, 0);
  return {
    tenant,
    jobs: own.length,
    ...{ succeeded: outcome('succeeded'), failed: outcome('failed'), unfinished: outcome('unfinished') },
    ...{ preempted: tries('preempted'), interrupted: tries('interrupted') },
    waiting: waitsOf(own),
    priorities: levels.map(priority => {
      const same = own.filter(({ job }) => job.priority === priority);
      return { priority, jobs: same.length, waiting: waitsOf(same) };
    }),
    ...shares
  };
}

function waitingTimes(waits: readonly number[]): WaitingTimes {
  return { p50Seconds: percentile(waits, 0.5), p95Seconds: percentile(waits, 0.95), maxSeconds: percentile(waits, 1) };
}

function waitOf({ job, tries }: JobHistory, endSeconds: number): number {
  const started = tries.find(({ startedAt }) => startedAt !== undefined)?.startedAt ?? endSeconds;
  return Math.max(0, started - job.arrivesAt);
}

function capacityOf({ pools }: ScenarioDocument): Readonly<Record<Resource, number>> {
  const sum = (resource: Resource): number => pools.reduce((total, { nodes, perNode }) => total + amountOf({ processes: nodes, perProcess: perNode }, resource), 0);
  return { cpu: sum('cpu'), gpu: sum('gpu') };
}

function shareOf(moments: readonly Moment[], capacity: number, amount: (moment: Moment) => number): number {
  const seconds = moments.reduce((total, moment) => total + moment.seconds, 0);
  return seconds === 0 || capacity === 0 ? 0 : moments.reduce((total, moment) => total + amount(moment) * moment.seconds, 0) / (seconds * capacity);
}

function scarceResource({ jobs }: Timeline, capacity: Readonly<Record<Resource, number>>): Resource {
  const pressure = (resource: Resource): number =>
    capacity[resource] === 0 ? 0 : jobs.reduce((total, { job }) => total + amountOf(job, resource) * job.runsFor, 0) / capacity[resource];
  return pressure('gpu') > pressure('cpu') ? 'gpu' : 'cpu';
}

function entitledShares(
  moments: readonly Moment[],
  capacity: number,
  of: { readonly tenants: readonly string[]; readonly weights: ReadonlyMap<string, number>; readonly scarce: Resource }
): readonly number[] {
  const totals = of.tenants.map(() => 0);
  const seconds = moments.reduce((total, moment) => total + moment.seconds, 0);
  for (const moment of moments) {
    const claims = of.tenants.map(tenant => ({ wanted: capacity === 0 ? 0 : (moment.wanted.get(tenant)?.[of.scarce] ?? 0) / capacity, weight: of.weights.get(tenant) ?? 1 }));
    fairShares(claims).forEach((share, index) => (totals[index] = (totals[index] ?? 0) + (share * moment.seconds) / seconds));
  }
  return totals;
}
