import { createKubernetesJobRuntime, type ClusterClient, type Site } from '@stratalab/job-runtime-kubernetes';
import { newId, type JobAttempt, type JobRuntime, type JobStart } from '@stratalab/kernel';
import type { PlannedJob } from './arrivals.ts';
import { claimName, gpuOf, poolLabel, simulationLabel, tenantPlace, withDuration } from './simulated-objects.ts';
import type { JobHistory, JobTry, RunEnd } from './timeline.ts';

interface RunningJob {
  readonly planned: PlannedJob;
  readonly tries: JobTry[];
  outcome: JobHistory['outcome'] | undefined;
}

interface Current {
  readonly job: RunningJob;
  readonly attempt: JobAttempt;
  readonly runtime: JobRuntime;
  isEnding: boolean;
}

export interface JobRunOptions {
  readonly client: ClusterClient;
  readonly run: string;
  readonly dataFolder: string;
  readonly timeScale: number;
  readonly retries: number;
  /** Seconds of the scenario since the run began. */
  readonly clock: () => number;
}

const ended = new Set(['Completed', 'Failed', 'Aborted', 'Terminated']);

/** The jobs of one run: submits them by the product's runtime, follows their phases, and tries again what lost its place. */
export function createJobRun(options: JobRunOptions) {
  const { client, run, clock } = options;
  const jobs: RunningJob[] = [];
  const current = new Map<string, Current>();
  const interrupted = new Set<string>();
  const work = new Set<Promise<void>>();
  let failure: unknown;

  const runtimeFor = (planned: PlannedJob): JobRuntime => createKubernetesJobRuntime(decorated(client, planned, options.timeScale), siteFor(planned, options));
  const background = (task: Promise<void>): void => {
    const kept = task.catch((error: unknown) => void (failure ??= error)).finally(() => work.delete(kept));
    work.add(kept);
  };
  const start = async (job: RunningJob, runtime: JobRuntime, attempt: JobAttempt): Promise<void> => {
    job.tries.push({ submittedAt: job.tries.length === 0 ? job.planned.arrivesAt : clock() });
    current.set(`${tenantPlace(run, attempt.tenant)}/job-${attempt.jobId}-${attempt.attempt}`, { job, attempt, runtime, isEnding: false });
    await runtime.start(startOf(job.planned, attempt));
  };
  const change = (job: RunningJob, more: Partial<JobTry>): void => {
    const last = job.tries.pop();
    if (last !== undefined) job.tries.push({ ...last, ...more });
  };
  const finish = async (key: string, { job, attempt, runtime }: Current, at: number): Promise<void> => {
    const seen = await runtime.observe(attempt);
    const end = endOf(seen, interrupted.has(key));
    change(job, { endedAt: at, end });
    current.delete(key);
    if (end === 'succeeded' || end === 'failed') job.outcome = end;
    else if (attempt.attempt > options.retries) job.outcome = 'failed';
    else await start(job, runtime, { ...attempt, attempt: attempt.attempt + 1 });
  };

  return {
    submit(planned: PlannedJob): void {
      const job: RunningJob = { planned, tries: [], outcome: undefined };
      jobs.push(job);
      background(start(job, runtimeFor(planned), { tenant: planned.tenant, jobId: newId(), attempt: 1 }));
    },
    /** A Volcano Job of the cluster is in this phase now. @param key `<namespace>/<name>` */
    onPhase(key: string, phase: string): void {
      const known = current.get(key);
      if (known === undefined || known.isEnding) return;
      const at = clock();
      if ((phase === 'Running' || phase === 'Completed') && known.job.tries.at(-1)?.startedAt === undefined) change(known.job, { startedAt: at });
      if (!ended.has(phase)) return;
      known.isEnding = true;
      background(finish(key, known, at));
    },
    /** What ends these jobs is a failure of the scenario, not the scheduler. */
    markInterrupted: (keys: readonly string[]): void => keys.forEach(key => interrupted.add(key)),
    counts() {
      const tries = jobs.filter(({ outcome }) => outcome === undefined).map(({ tries: all }) => all.at(-1));
      const running = tries.filter(last => last?.startedAt !== undefined && last.endedAt === undefined).length;
      return { waiting: tries.length - running, running, ended: jobs.length - tries.length };
    },
    histories: (): readonly JobHistory[] => jobs.map(({ planned, tries, outcome }) => ({ job: planned, tries, outcome: outcome ?? 'unfinished' })),
    /** @throws what a call to the cluster failed with */
    check(): void {
      if (failure !== undefined) throw failure;
    },
    settle: async (): Promise<void> => void (await Promise.all(work))
  };
}

export type JobRun = ReturnType<typeof createJobRun>;

function endOf(seen: Awaited<ReturnType<JobRuntime['observe']>>, isInterrupted: boolean): RunEnd {
  if (seen.phase === 'ended' && seen.end === 'exited') return seen.exitCode === 0 ? 'succeeded' : 'failed';
  return isInterrupted ? 'interrupted' : 'preempted';
}

/** The client of the product, but its jobs know how long their simulated pods run. */
function decorated(client: ClusterClient, planned: PlannedJob, timeScale: number): ClusterClient {
  const isJob = (kind: string | undefined, apiVersion: string | undefined): boolean => kind === 'Job' && (apiVersion ?? '').startsWith('batch.volcano.sh/');
  return { ...client, create: object => client.create(isJob(object.kind, object.apiVersion) ? withDuration(object, planned, timeScale) : object) };
}

function siteFor({ pool, perProcess }: PlannedJob, { run, dataFolder }: JobRunOptions): Site {
  return {
    image: 'localhost/simulated:1',
    claimName,
    dataFolder,
    user: { uid: 1000, gid: 1000 },
    namespaceOf: tenant => tenantPlace(run, tenant),
    queueOf: tenant => tenantPlace(run, tenant),
    gpuResource: gpuOf(perProcess).resource,
    isReclaiming: true,
    pod: {
      nodeSelector: { [simulationLabel]: 'true', ...(pool === undefined ? {} : { [poolLabel]: pool }) },
      tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists', effect: 'NoSchedule' }]
    }
  };
}

function startOf({ processes, perProcess, priority }: PlannedJob, attempt: JobAttempt): JobStart {
  return {
    ...attempt,
    ...{ launcher: 'python', processes, priority, gpuDevices: [], fileName: 'main.py', code: '', arguments: [], environment: {}, token: 'simulated', mounts: [], outputs: [] },
    perProcess: { cpu: perProcess.cpu, memoryMiB: Math.max(1, Math.round(perProcess.memoryGiB * 1024)), gpu: gpuOf(perProcess).count }
  };
}
