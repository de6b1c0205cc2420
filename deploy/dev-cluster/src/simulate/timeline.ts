import type { PlannedJob } from './arrivals.ts';

export type RunEnd = 'succeeded' | 'failed' | 'interrupted' | 'preempted';

/** One try of a job, in seconds of the scenario. */
export interface JobTry {
  readonly submittedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly end?: RunEnd;
}

/** What became of a planned job; the last try decides. */
export interface JobHistory {
  readonly job: PlannedJob;
  readonly tries: readonly JobTry[];
  readonly outcome: 'succeeded' | 'failed' | 'unfinished';
}

export interface Timeline {
  /** Until when jobs came, in seconds of the scenario. */
  readonly arrivalSeconds: number;
  /** When the last job ended, or the run was given up. */
  readonly endSeconds: number;
  readonly jobs: readonly JobHistory[];
}

export type Resource = 'cpu' | 'gpu';

/** How much of a resource all pods of a job hold; a MIG slice counts as its share of a GPU (`1g` of seven). */
export function amountOf({ processes, perProcess }: Pick<PlannedJob, 'processes' | 'perProcess'>, resource: Resource): number {
  if (resource === 'cpu') return processes * perProcess.cpu;
  const slices = Object.entries(perProcess.mig ?? {}).reduce((total, [profile, count]) => total + (Number(profile.slice(0, profile.indexOf('g'))) / 7) * count, 0);
  return processes * ((perProcess.gpu ?? 0) + slices);
}

interface Step {
  readonly at: number;
  readonly tenant: string;
  readonly used: Readonly<Record<Resource, number>>;
  readonly wanted: Readonly<Record<Resource, number>>;
}

export interface Moment {
  readonly seconds: number;
  /** Held by running jobs, and asked for by waiting and running ones. */
  readonly used: ReadonlyMap<string, Readonly<Record<Resource, number>>>;
  readonly wanted: ReadonlyMap<string, Readonly<Record<Resource, number>>>;
}

/** Cuts a run into stretches in which nothing changed, up to `untilSeconds`. */
export function momentsOf({ jobs, endSeconds }: Timeline, untilSeconds: number): readonly Moment[] {
  const steps = jobs.flatMap(history => stepsOf(history, endSeconds)).sort((a, b) => a.at - b.at);
  const used = new Map<string, Record<Resource, number>>();
  const wanted = new Map<string, Record<Resource, number>>();
  const moments: Moment[] = [];
  let last = 0;
  for (const step of [...steps, undefined]) {
    const at = Math.min(step?.at ?? untilSeconds, untilSeconds);
    if (at > last) moments.push({ seconds: at - last, used: copy(used), wanted: copy(wanted) });
    last = at;
    if (step === undefined) break;
    add(used, step.tenant, step.used);
    add(wanted, step.tenant, step.wanted);
  }
  return moments;
}

function stepsOf({ job, tries }: JobHistory, endSeconds: number): readonly Step[] {
  const amounts = { cpu: amountOf(job, 'cpu'), gpu: amountOf(job, 'gpu') };
  const none = { cpu: 0, gpu: 0 };
  const minus = { cpu: -amounts.cpu, gpu: -amounts.gpu };
  return tries.flatMap(({ submittedAt, startedAt, endedAt = endSeconds }) => [
    { at: submittedAt, tenant: job.tenant, used: none, wanted: amounts },
    { at: endedAt, tenant: job.tenant, used: none, wanted: minus },
    ...(startedAt === undefined
      ? []
      : [
          { at: startedAt, tenant: job.tenant, used: amounts, wanted: none },
          { at: endedAt, tenant: job.tenant, used: minus, wanted: none }
        ])
  ]);
}

function add(totals: Map<string, Record<Resource, number>>, tenant: string, amounts: Readonly<Record<Resource, number>>): void {
  const { cpu, gpu } = totals.get(tenant) ?? { cpu: 0, gpu: 0 };
  totals.set(tenant, { cpu: cpu + amounts.cpu, gpu: gpu + amounts.gpu });
}

function copy(totals: ReadonlyMap<string, Record<Resource, number>>): ReadonlyMap<string, Readonly<Record<Resource, number>>> {
  return new Map([...totals].map(([tenant, amounts]) => [tenant, { ...amounts }]));
}
