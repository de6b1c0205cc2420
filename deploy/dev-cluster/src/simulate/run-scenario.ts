import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { createClusterWatch } from '@stratalab/cluster-watch';
import { createClusterClient, type ClusterClient } from '@stratalab/job-runtime-kubernetes';
import { createLogger, createMetrics } from '@stratalab/kernel';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { until } from '../cluster.ts';
import { clusterRoot } from '../settings.ts';
import { planArrivals } from './arrivals.ts';
import { createFailures } from './failures.ts';
import { createJobRun } from './job-run.ts';
import type { ScenarioDocument, ScenarioTenant } from './scenario-schema.ts';
import { claimName, placeObjects, poolNodes, sharedObjects, tenantPlace } from './simulated-objects.ts';
import { summarise, type RunResult } from './statistics.ts';
import type { Timeline } from './timeline.ts';

export interface Progress {
  readonly run: string;
  readonly minute: number;
  readonly ofMinutes: number;
  readonly waiting: number;
  readonly running: number;
  readonly ended: number;
  readonly planned: number;
}

export interface SimulationOptions {
  readonly kubeConfig: KubeConfig;
  readonly scenario: ScenarioDocument;
  /** Empty folder in which homes and logs of the jobs are made. */
  readonly dataFolder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the simulation; what it made on the cluster is taken away. */
  readonly signal: AbortSignal;
}

interface Variation {
  readonly name: string;
  /** Prefix of everything the run makes. */
  readonly run: string;
  readonly tenants: readonly ScenarioTenant[];
}

export const defaultTimeScale = 20;
const setupTimeoutMs = 120_000;
const stepMs = 50;
const progressMs = 1_000;

/**
 * Plays a scenario on simulated nodes, once as it is and once for each change, one after the other, with the same jobs each time. Jobs go the product's own way:
 * its runtime, its job builder, its queues; Volcano and the cluster are real, only machines and pods are not.
 * @throws the signal's reason when it was aborted
 */
export async function runScenario(options: SimulationOptions): Promise<readonly RunResult[]> {
  const { scenario } = options;
  const client = createClusterClient(options.kubeConfig);
  const stage: KubernetesObject = parse(await readFile(join(clusterRoot, 'conf/simulated-pods.yaml'), 'utf8'));
  const nodes = poolNodes(scenario);
  const results: RunResult[] = [];
  try {
    for (const object of [stage, ...nodes]) await client.apply(object);
    const changes = [{ name: 'as it is', tenants: {} }, ...(scenario.whatIf ?? [])];
    for (const [index, { name, tenants }] of changes.entries()) {
      const variation = { name, run: `sim-${index}`, tenants: scenario.tenants.map(tenant => changed(tenant, tenants)) };
      const weights = new Map(variation.tenants.map(tenant => [tenant.name, tenant.weight ?? 1]));
      results.push(summarise(name, scenario, await runOnce(options, client, variation), weights));
    }
  } finally {
    for (const object of [stage, ...nodes]) await client.remove({ ...object, metadata: { name: object.metadata?.name ?? '' } });
  }
  return results;
}

async function runOnce(options: SimulationOptions, client: ClusterClient, variation: Variation): Promise<Timeline> {
  const { scenario, signal } = options;
  const { run, tenants } = variation;
  const timeScale = scenario.timeScale ?? defaultTimeScale;
  const planned = planArrivals(scenario);
  const objects = tenantsOf(scenario, variation);
  const stop = new AbortController();
  let startedAt = Number.NaN;
  const clock = (): number => ((performance.now() - startedAt) / 1000) * timeScale;
  const jobs = createJobRun({ client, run, clock, timeScale, dataFolder: join(options.dataFolder, run), retries: scenario.retries ?? 3 });
  const failures = createFailures({ client, scenario, run, onInterrupt: keys => jobs.markInterrupted(keys) });
  const watch = createClusterWatch({
    kubeConfig: options.kubeConfig,
    kinds: [{ name: 'jobs', apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job', plural: 'jobs', keep: ({ status }) => ({ status }) }],
    logger: createLogger({ level: 'silent', service: 'simulator' }),
    metrics: createMetrics()
  });
  watch.onChange(({ object }) => jobs.onPhase(`${object.metadata.namespace ?? ''}/${object.metadata.name}`, unsafePhase(object)));
  const watching = watch.run(stop.signal);
  try {
    // Nothing can be made in a place of the same name that is still being taken away.
    for (const object of outerOf(objects)) await until(`The end of an earlier ${object.metadata?.name ?? ''}`, async () => !(await isGoing(client, object)), setupTimeoutMs);
    for (const object of objects) await client.apply(object);
    for (const { name } of tenants) await until(`The volume of '${name}'`, () => isBound(client, tenantPlace(run, name)), setupTimeoutMs);
    startedAt = performance.now();
    const arrivalSeconds = scenario.durationMinutes * 60;
    const lastSecond = arrivalSeconds + (scenario.drainMinutes ?? scenario.durationMinutes) * 60;
    let [submitted, saidAt] = [0, -Infinity];
    for (; clock() < lastSecond; await pause(stepMs, undefined, { signal })) {
      for (let next = planned[submitted]; next !== undefined && next.arrivesAt <= clock(); next = planned[++submitted]) jobs.submit(next);
      await failures.advance(clock());
      jobs.check();
      const counts = jobs.counts();
      if (performance.now() - saidAt >= progressMs) {
        saidAt = performance.now();
        options.onProgress?.({ run: variation.name, minute: clock() / 60, ofMinutes: scenario.durationMinutes, planned: planned.length, ...counts });
      }
      if (submitted === planned.length && counts.ended === planned.length) break;
    }
    signal.throwIfAborted();
    return { arrivalSeconds, endSeconds: clock(), jobs: jobs.histories() };
  } finally {
    stop.abort();
    await watching;
    await jobs.settle();
    await failures.repair();
    await clear(client, variation, objects);
  }
}

function tenantsOf(scenario: ScenarioDocument, { run, tenants }: Variation): readonly KubernetesObject[] {
  const weights = new Map(tenants.map(tenant => [tenant.name, tenant.weight ?? 1]));
  return [...sharedObjects(run), ...tenants.flatMap(tenant => placeObjects(run, tenant, scenario, weights))];
}

/** Namespaces take all that is in them; the next run starts when no pod holds anything any more. */
async function clear(client: ClusterClient, { run, tenants }: Variation, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of outerOf(objects)) await client.remove({ ...object, metadata: { name: object.metadata?.name ?? '' } });
  const isEmpty = async (): Promise<boolean> => {
    for (const { name } of tenants) {
      const pods = await client.pods(tenantPlace(run, name), {});
      if (pods.some(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')) return false;
    }
    return true;
  };
  await until('The end of the simulated pods', isEmpty, setupTimeoutMs);
}

/** What takes all the rest along. */
function outerOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(({ kind }) => kind === 'Namespace' || kind === 'Queue' || kind === 'PersistentVolume');
}

async function isGoing(client: ClusterClient, object: KubernetesObject): Promise<boolean> {
  const found = await client.read<KubernetesObject>({ ...object, metadata: { name: object.metadata?.name ?? '' } });
  return found?.metadata?.deletionTimestamp !== undefined;
}

async function isBound(client: ClusterClient, namespace: string): Promise<boolean> {
  const claim = await client.read<KubernetesObject & { status?: { phase?: string } }>({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimName, namespace }
  });
  return claim?.status?.phase === 'Bound';
}

function changed(tenant: ScenarioTenant, changes: Readonly<Record<string, Partial<ScenarioTenant>>>): ScenarioTenant {
  const change = changes[tenant.name];
  if (change === undefined) return tenant;
  return { ...tenant, ...change, quota: { ...tenant.quota, ...change.quota }, deserved: { ...tenant.deserved, ...change.deserved } };
}

/** Volcano writes a phase; what it has not written yet is none. */
function unsafePhase(object: object): string {
  return (object as { readonly status?: { readonly state?: { readonly phase?: string } } }).status?.state?.phase ?? '';
}
