import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes, type Job, type JobInput, type JobState } from '@stratalab/contracts/compute';
import type { Actor, Clock, JobCapacity } from '@stratalab/kernel';
import { createTenant, createTestHost, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import { computeServices } from './compute-services.ts';

export const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
export const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
export const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });
export const demo = { tenant: 'demo' } as const;

export interface ComputeHost {
  readonly host: TestHost;
  readonly dataFolder: string;
  as(actor: Actor): ReturnType<typeof clientOf>;
  submit(code: string, given?: Partial<JobInput>, actor?: Actor): Promise<Job>;
  /** Waits until the job is in one of these states. @throws Error when it ends in another */
  until(id: string, ...states: readonly JobState[]): Promise<Job>;
  logOf(id: string, rank?: string): Promise<string>;
  /** Versions of a dataset. */
  versionsOf(dataset: string): Promise<readonly { readonly version: string; readonly state: string }[]>;
  close(): Promise<void>;
}

function clientOf(host: TestHost, actor: Actor) {
  return host.clientFor(computeRoutes, actor);
}

const finals: readonly JobState[] = ['succeeded', 'failed', 'cancelled'];

export async function createComputeHost(
  options: { readonly isBackgroundRunning?: boolean; readonly capacity?: JobCapacity; readonly pythons?: readonly string[]; readonly clock?: Clock } = {}
): Promise<ComputeHost> {
  const dataFolder = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-compute-')));
  const host = await createTestHost({
    services: computeServices(dataFolder, options.capacity, options.pythons),
    isBackgroundRunning: options.isBackgroundRunning ?? true,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    environment: { STRATALAB_JOB_GRACE_SECONDS: '1' }
  });
  await createTenant(host, 'other');
  const as = (actor: Actor) => clientOf(host, actor);
  return {
    host,
    dataFolder,
    as,
    submit: (code, given = {}, actor = ann) =>
      as(actor).submitJob({
        params: { tenant: Object.keys(actor.tenants)[0] ?? 'demo' },
        body: { name: 'job', code: { kind: 'script', text: code }, resourcesPerProcess: { cpu: 1, memoryMiB: 512, gpu: 0 }, ...given }
      }),
    until: (id, ...states) => untilState(() => as(ann).getJob({ params: { ...demo, job: id } }), states),
    logOf: async (id, rank = '0') => (await as(ann).getJobLog({ params: { ...demo, job: id }, query: { rank } })).text,
    versionsOf: async dataset => (await host.clientFor(catalogRoutes, ann).listVersions({ params: { ...demo, dataset } })).items,
    async close() {
      await stopJobs(host);
      await host.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}

/** Waits for a state; a job that ends in another one fails the test at once, with its reason. */
export function untilState(read: () => Promise<Job>, states: readonly JobState[]): Promise<Job> {
  return waitFor(async () => {
    const job = await read();
    if (states.includes(job.state)) return job;
    if (finals.includes(job.state)) throw new Error(`The job ${job.state}: ${job.reason ?? ''}`);
    return undefined;
  }, 60_000);
}

/** Leaves no process behind: everything that is not over is cancelled and waited for. */
async function stopJobs(host: TestHost): Promise<void> {
  for (const [tenant, actor] of [
    ['demo', ann],
    ['other', eve]
  ] as const) {
    const client = clientOf(host, actor);
    const active = (): Promise<Job[]> =>
      client
        .listJobs({ params: { tenant }, query: { activity: 'active' } })
        .then(({ items }) => Promise.all(items.map(({ id }) => client.getJob({ params: { tenant, job: id } }))));
    for (const { id } of await active()) await client.cancelJob({ params: { tenant, job: id } }).catch(() => undefined);
    await waitFor(async () => (await active()).every(({ state }) => state === 'queued') || undefined, 30_000).catch(() => undefined);
  }
}
