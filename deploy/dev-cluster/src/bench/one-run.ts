import { loadKubeConfig } from '@stratalab/job-runtime-kubernetes';
import { percentile, waitFor } from '@stratalab/tooling';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { countApiCalls, totalOf, type ApiCalls } from './api-calls.ts';
import { measureBare } from './bare-path.ts';
import { inParallel } from './in-parallel.ts';
import { openOurPath, type OurPath } from './our-path.ts';
import { followStream } from './stream.ts';

export interface AdmissionResult {
  readonly admittedPerSecond: number;
  /** From the beginning of the burst, whose jobs all wait from then on, until the cluster told of the job. */
  readonly createdP95Ms: number;
}

export interface OurResult extends AdmissionResult {
  readonly submittedPerSecond: number;
  readonly apiCallsPerJob: number;
  /** Requests this process sent per job, by verb and kind. */
  readonly apiCalls: Readonly<Record<string, number>>;
  /** Lists in thirty seconds in which nothing happened but the watch, between two of its audits. */
  readonly steadyLists: number;
  /** From the cluster's own change of a gang to an open stream of a browser, one job after the other. */
  readonly streamP95Ms: number;
  readonly memoryMiB: number;
}

export interface RunRequest {
  readonly path: 'ours' | 'bare';
  readonly kubeconfig: string;
  readonly tenant: string;
  readonly jobs: number;
  readonly parallel: number;
}

const followedJobs = 10;
const steadyMs = 30_000;
/** An audit counts once it knows what it missed. */
const auditSettlesMs = 10_000;
const perJobTimeoutMs = 1_000;

/** One measurement in a process of its own: `node one-run.ts '<RunRequest as JSON>'` prints its result as one line of JSON. */
const request: RunRequest = JSON.parse(process.argv[2] ?? '{}');
const timeoutMs = 120_000 + request.jobs * perJobTimeoutMs;
const kubeConfig = loadKubeConfig(request.kubeconfig);
const result = request.path === 'bare' ? await measureBare(kubeConfig, { ...request, timeoutMs }) : await measureOurs();
process.stdout.write(`${JSON.stringify(result)}\n`);

async function measureOurs(): Promise<OurResult> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-bench-'));
  const calls = countApiCalls(kubeConfig.getCurrentCluster()?.server ?? '');
  const path = await openOurPath(kubeConfig, request.tenant, dataFolder);
  try {
    calls.take();
    const admission = await measureAdmission(path);
    const taken = calls.take();
    const streamP95Ms = await measureStream(path);
    // Tidying the last jobs is work, not steady state.
    await waitFor(async () => (calls.take(), await pause(3_000), totalOf(calls.take()) === 0), 120_000);
    const steady = await callsBetweenAudits(path, calls);
    return {
      ...admission,
      apiCallsPerJob: totalOf(taken) / request.jobs,
      apiCalls: Object.fromEntries([...taken].map(([call, count]) => [call, Number((count / request.jobs).toFixed(2))])),
      steadyLists: totalOf(steady, 'list'),
      streamP95Ms,
      memoryMiB: Math.round(process.memoryUsage().rss / 2 ** 20)
    };
  } finally {
    await path.close();
    calls.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** What is sent in a quiet time. An audit, one paged list of each kind in ten minutes, may fall into it: then the next one is taken. */
async function callsBetweenAudits({ watch }: OurPath, calls: { readonly take: () => ApiCalls }): Promise<ApiCalls> {
  const audits = (): number => Object.values(watch.counters()).reduce((sum, counters) => sum + counters.audits, 0);
  for (;;) {
    const before = audits();
    calls.take();
    await pause(steadyMs);
    const taken = calls.take();
    await pause(auditSettlesMs);
    if (audits() === before) return taken;
  }
}

async function measureAdmission({ submit, gangs }: OurPath): Promise<AdmissionResult & Pick<OurResult, 'submittedPerSecond'>> {
  const submitted: string[] = [];
  const startedAt = performance.now();
  await inParallel(request.jobs, request.parallel, async () => {
    submitted.push(await submit());
  });
  const submittedIn = performance.now() - startedAt;
  await waitFor(() => gangs.endedAt.size >= request.jobs, timeoutMs);
  const created = submitted.map(id => (gangs.createdAt.get(`job-${id}-1`) ?? Number.NaN) - startedAt);
  return {
    submittedPerSecond: (request.jobs / submittedIn) * 1000,
    admittedPerSecond: (request.jobs / (Math.max(...gangs.admittedAt.values()) - startedAt)) * 1000,
    createdP95Ms: percentile(created, 0.95)
  };
}

/** Jobs one after the other, so that no queue of ours or of Volcano's is part of the answer. */
async function measureStream({ host, tenant, submit, gangs }: OurPath): Promise<number> {
  const stream = await followStream(host, tenant);
  try {
    const ids: string[] = [];
    for (let index = 0; index < followedJobs; index += 1) {
      const id = await submit();
      ids.push(id);
      await waitFor(() => stream.endedAt.has(id), 120_000);
    }
    return percentile(
      ids.map(id => (stream.endedAt.get(id) ?? Number.NaN) - (gangs.endedAt.get(`job-${id}-1`) ?? Number.NaN)),
      0.95
    );
  } finally {
    stream.close();
  }
}
