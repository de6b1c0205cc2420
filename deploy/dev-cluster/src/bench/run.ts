import { loadKubeConfig } from '@stratalab/job-runtime-kubernetes';
import { startBenchServer } from '@stratalab/tooling';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../binaries/build.ts';
import { openCluster, type Cluster } from '../cluster.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import { runProgram } from '../run-program.ts';
import { clusterRoot, readSettings } from '../settings.ts';
import { down, up } from '../up.ts';
import { keepFinishedRuns, readFinishedRuns, type AdmissionRun } from './finished-runs.ts';
import { makeManyPods } from './many-pods.ts';
import type { AdmissionResult, OurResult, RunRequest } from './one-run.ts';
import { isPastLimit, rangeOf, tableOf, type MeasuredPart, type Range } from './ranges.ts';

/**
 * `npm run bench:cluster [-- --part admission|memory --jobs 15000 --runs 5 --pods 50000 --parallel 16 --record --continue]`. Admission: jobs through the whole product to Volcano
 * on simulated nodes, in turns with a bare client that creates the same jobs. Memory: what the watch needs to know that many pods. Both, unless one is named.
 * `--record` keeps the ranges of the parts that ran in `bench/ranges.json`. A run of admission may take half an hour: `--continue` counts the runs of these sizes that were finished before the
 * benchmark was ended.
 */
const given = (name: string): string | undefined => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined);
const whole = (name: string, fallback: number): number => {
  const value = Number(given(name) ?? fallback);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above zero.`);
  return value;
};
const sizes = { jobs: whole('jobs', 15_000), runs: whole('runs', 5), pods: whole('pods', 50_000), parallel: whole('parallel', 16) };
const parts = {
  admission: { measure: measureAdmission, sizes: { jobs: sizes.jobs, runs: sizes.runs, parallel: sizes.parallel } },
  memory: { measure: () => onCluster(measureMemory), sizes: { pods: sizes.pods, runs: sizes.runs } }
} as const;
/** One run does not depend on how many there are. */
const runSizes = { jobs: sizes.jobs, parallel: sizes.parallel };
const simulatedNodes = 40;
const warmUpJobs = 50;
const childTimeoutMs = 6 * 3_600_000;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Who interrupts it finds nothing left: what measures ends first, then its cluster and its database. */
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort(new Error(`Ended by ${name}.`)));

const settings = readSettings();
await buildAll(settings, () => undefined);
const database = await startBenchServer();
const measured: Record<string, MeasuredPart> = {};
try {
  for (const [name, part] of Object.entries(parts)) {
    if ((given('part') ?? name) !== name) continue;
    const load = Number((loadavg()[0] ?? 0).toFixed(1));
    const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), memoryMiB: Math.round(totalmem() / 2 ** 20), node: process.version };
    measured[name] = { time: new Date().toISOString(), machine, loadBefore: load, sizes: part.sizes, ranges: await part.measure() };
  }
} finally {
  await database.stop();
}
if (Object.keys(measured).length === 0) throw new Error(`--part is one of ${Object.keys(parts).join(', ')}.`);
const ranges = Object.values(measured).flatMap(part => part.ranges);
process.stdout.write(`${tableOf(ranges)}\n`);
if (process.argv.includes('--record')) {
  const file = join(clusterRoot, 'bench/ranges.json');
  await writeFile(file, `${JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...measured }, null, 2)}\n`);
}
const past = ranges.filter(isPastLimit);
for (const { name } of past) say(`${name} is past its limit`);
process.exitCode = past.length === 0 ? 0 : 1;

/** A cluster of its own, gone when it was measured. */
async function onCluster<T>(measure: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = openCluster({ ...settings, state: join(dirname(settings.state), 'bench'), port: await freePorts(), fakeNodes: simulatedNodes }, 't2');
  try {
    await down(cluster, () => undefined);
    await up(cluster, say);
    return await measure(cluster);
  } finally {
    await down(cluster, () => undefined);
  }
}

async function measureAdmission(): Promise<readonly Range[]> {
  const file = join(dirname(settings.state), 'bench-admission.json');
  const runs = process.argv.includes('--continue') ? [...(await readFinishedRuns(file, runSizes))] : [];
  if (runs.length > 0) say(`${runs.length} of ${sizes.runs} runs were finished before`);
  while (runs.length < sizes.runs) {
    runs.push(await onCluster(cluster => admissionRun(cluster, runs.length + 1)));
    await keepFinishedRuns(file, { sizes: runSizes, runs });
  }
  const baseline = (of: (result: AdmissionResult) => number) => ({ name: 'bare client', values: runs.map(({ bare }) => of(bare)) });
  const values = (of: (result: OurResult) => number): readonly number[] => runs.map(({ ours }) => of(ours));
  return [
    rangeOf(
      { name: 'jobs admitted', unit: 'per s', anchor: 'Kueue 42.7, Volcano 40' },
      values(r => r.admittedPerSecond),
      baseline(r => r.admittedPerSecond)
    ),
    rangeOf(
      { name: 'jobs submitted', unit: 'per s' },
      values(r => r.submittedPerSecond)
    ),
    rangeOf(
      { name: 'submit to created, p95', unit: 'ms' },
      values(r => r.createdP95Ms),
      baseline(r => r.createdP95Ms)
    ),
    rangeOf(
      { name: 'API calls a job', unit: 'calls' },
      values(r => r.apiCallsPerJob)
    ),
    rangeOf(
      { name: 'LISTs in steady state', unit: 'in 30 s', limit: 0 },
      values(r => r.steadyLists)
    ),
    rangeOf(
      { name: 'status change to browser, p95', unit: 'ms', limit: 2_000 },
      values(r => r.streamP95Ms)
    ),
    rangeOf(
      { name: 'memory of the platform', unit: 'MiB' },
      values(r => r.memoryMiB)
    )
  ];
}

/**
 * Both on one new cluster in each run, so that what earlier runs left slows nobody down, and each of them first in every other run. A few jobs of the bare client
 * warm the cluster up.
 */
async function admissionRun(cluster: Cluster, run: number): Promise<AdmissionRun> {
  const one = async <T>(path: RunRequest['path'], jobs: number, tenant: string = path): Promise<T> => {
    const request: RunRequest = { path, jobs, kubeconfig: cluster.kubeconfig, tenant, parallel: sizes.parallel };
    const found: T = JSON.parse(await child('one-run.ts', [JSON.stringify(request)]));
    say(`${path}, run ${run} of ${sizes.runs}, ${jobs} jobs: ${JSON.stringify(found)}`);
    return found;
  };
  const bare = (): Promise<AdmissionResult> => one('bare', sizes.jobs);
  await one('bare', Math.min(warmUpJobs, sizes.jobs), 'warm-up');
  const early = run % 2 === 0 ? await bare() : undefined;
  const ours = await one<OurResult>('ours', sizes.jobs);
  return { ours, bare: early ?? (await bare()) };
}

async function measureMemory(cluster: Cluster): Promise<readonly Range[]> {
  const kubeConfig = loadKubeConfig(cluster.kubeconfig);
  await makeManyPods(kubeConfig, 'many', sizes.pods, made => (made % 10_000 === 0 ? say(`${made} pods made`) : undefined));
  const found: { memoryMiB: number; peakMiB: number; syncSeconds: number }[] = [];
  for (let run = 0; run < sizes.runs; run += 1) found.push(JSON.parse(await child('watcher-memory.ts', [cluster.kubeconfig, String(sizes.pods)])));
  const pods = `${sizes.pods} pods`;
  return [
    rangeOf(
      { name: `watcher's memory, ${pods}`, unit: 'MiB', limit: 400 },
      found.map(r => r.memoryMiB)
    ),
    rangeOf(
      { name: `watcher's memory while listing, ${pods}`, unit: 'MiB' },
      found.map(r => r.peakMiB)
    ),
    rangeOf(
      { name: `first list of ${pods}`, unit: 's' },
      found.map(r => r.syncSeconds)
    )
  ];
}

function child(file: string, args: readonly string[]): Promise<string> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  // The flags of the platform's own image.
  return runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16', program, ...args], {
    timeoutMs: childTimeoutMs,
    signal: interruption.signal,
    environment: { STRATALAB_TEST_DATABASE_URL: database.url },
    onLine: say
  });
}
