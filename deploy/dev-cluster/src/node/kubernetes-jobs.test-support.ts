import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { createClusterWatch, type ClusterWatch } from '@stratalab/cluster-watch';
import {
  createClusterClient,
  createKubernetesJobRuntime,
  createWatchedClient,
  jobKinds,
  type ClusterClient,
  type KubernetesJobRuntime,
  type Site
} from '@stratalab/job-runtime-kubernetes';
import { catalog } from '@stratalab/catalog';
import { compute } from '@stratalab/compute';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { control } from '@stratalab/control';
import { createLogger, createMetrics, mountService, newId, type JobRuntime, type JobStart, type MountedService, type TenantLimits } from '@stratalab/kernel';
import { describeJobRuntime } from '@stratalab/kernel/conformance/job-runtime';
import { createLocalMounts } from '@stratalab/mounts-local';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createDuckDbQueryEngine } from '@stratalab/query-duckdb';
import { createTestHost, fakeControlPorts, testActor } from '@stratalab/tooling';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { makePlace, plainSite } from '../tenancy/plain-place.ts';
import { up } from '../up.ts';
import { killApiServer } from '../watch/real-faults.test-support.ts';
import { testMpiJobs } from './mpi-jobs.test-support.ts';

const roomy: TenantLimits = { cpu: 8, memoryMiB: 16_384, gpu: 2, jobs: 2, workspaces: 0 };

/** The job runtime of the platform on this cluster: the same suite as the local one, and what only a cluster can show. */
export function describeKubernetesJobs(cluster: () => Cluster, dataFolder: () => string): void {
  describe('job-runtime-kubernetes', () => {
    let client: ClusterClient;
    let runtime: KubernetesJobRuntime;
    let watch: ClusterWatch;
    let watching = Promise.resolve();
    const stop = new AbortController();
    const site = (): Site => ({
      image: 'localhost/hostusr:1',
      claimName: 'stratalab-data',
      dataFolder: dataFolder(),
      // The image has no user of its own, and the data folder of this test is root's.
      user: { uid: 0, gid: 0 },
      namespaceOf: tenant => `tenant-${tenant}`,
      queueOf: tenant => `tenant-${tenant}`,
      pod: { nodeSelector: { real: 'true' }, volumes: [{ name: 'usr', hostPath: { path: '/usr' } }] },
      volumeMounts: [{ name: 'usr', mountPath: '/usr', readOnly: true }]
    });
    // The image sees the host's usr folder, which no stricter level allows; real tenants are `restricted`.
    const makeTenant = (tenant: string, limits: TenantLimits): Promise<void> => makePlace(client, plainSite(dataFolder(), { podSecurity: 'privileged' }), tenant, limits);
    const request = (tenant: string, code: string, given: Partial<JobStart> = {}): JobStart => ({
      ...{ tenant, jobId: newId(), attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code },
      ...{ perProcess: { cpu: 0.1, memoryMiB: 256, gpu: 0 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] },
      ...given
    });

    beforeAll(async () => {
      const config = new KubeConfig();
      config.loadFromFile(cluster().kubeconfig);
      // As in the product: seen from a watch, and asked where that is needed.
      watch = createClusterWatch({ kubeConfig: config, kinds: jobKinds(), logger: createLogger({ level: 'silent', service: 'test' }), metrics: createMetrics() });
      watching = watch.run(stop.signal);
      client = createWatchedClient(createClusterClient(config), watch);
      runtime = createKubernetesJobRuntime(client, site());
      await makeTenant('alpha', roomy);
      await makeTenant('beta', { ...roomy, gpu: 1 });
    });

    afterAll(async () => {
      stop.abort();
      await watching;
    });

    // As the platform does it: pods end in their own time, and the watch tells of the end of a gang later than the call that removed it returns.
    const removing = (): JobRuntime => ({ ...runtime, remove: job => waitFor(async () => ((await runtime.remove(job)) ? true : undefined)) });
    describeJobRuntime(removing, {
      test: (name, work) => void test(name, work, 90_000),
      equal: (actual, expected) => expect(actual).toEqual(expected),
      rejects: (work, code) => expect(work).rejects.toMatchObject({ code }),
      waitFor,
      newId,
      restarted: () => createKubernetesJobRuntime(client, site())
    });

    test('P1 P2 P8 F22 the API server dies amid a real gang: it goes on, runs once, and its true end is seen', async () => {
      const code = ['import os, time', "print('ready', flush=True)", "while not os.path.exists('go'): time.sleep(0.05)", "print('done', flush=True)"].join('\n');
      const job = request('alpha', code, { processes: 2 });
      const logs = (): Promise<string[]> =>
        Promise.all(['0', '1'].map(async part => (await runtime.readLog(job, { part, offset: 0, limitBytes: 10_000 }).catch(() => ({ text: '' }))).text));
      await runtime.start(job);
      await waitFor(async () => ((await logs()).every(text => text === 'ready\n') ? true : undefined));
      await killApiServer(cluster());
      await writeFile(join(dataFolder(), 'tenants/alpha/jobs', job.jobId, 'home/go'), '');
      await waitFor(async () => ((await logs()).every(text => text === 'ready\ndone\n') ? true : undefined));
      // Running, as far as is known, or not to be looked at; never ended or gone.
      expect(['running', 'unavailable']).toContain(await runtime.observe(job).then(({ phase }) => phase, codeOf));
      await up(cluster(), () => undefined);
      const seen = await waitFor(async () => {
        const now = await runtime.observe(job).catch(() => undefined);
        return now?.phase === 'ended' ? now : undefined;
      });
      expect(seen).toMatchObject({ end: 'exited', exitCode: 0 });
      expect(await logs()).toEqual(['ready\ndone\n', 'ready\ndone\n']);
      expect(Object.values(watch.counters()).map(({ missed }) => missed)).toEqual(jobKinds().map(() => 0));
      await runtime.remove(job);
    });

    test('a gang larger than its queue waits with the true reason', async () => {
      const job = request('beta', 'print(1)', { processes: 2, perProcess: { cpu: 0.1, memoryMiB: 128, gpu: 1 } });
      await runtime.start(job);
      expect(await waitFor(() => runtime.waitingReason(job))).toMatch(/^The queue of the tenant has no room for nvidia\.com\/gpu\./);
      expect((await runtime.observe(job)).phase).toBe('starting');
      await waitFor(async () => ((await runtime.remove(job)) ? true : undefined));
      expect((await runtime.observe(job)).phase).toBe('absent');
    });

    test('what Volcano would leave waiting without a word is refused before it is made', async () => {
      const odd = createKubernetesJobRuntime(client, { ...site(), queueOf: () => 'nowhere' });
      await expect(odd.start(request('alpha', 'print(1)'))).rejects.toMatchObject({ code: 'invalid-state' });
      const parent = createKubernetesJobRuntime(client, { ...site(), queueOf: () => 'tenants' });
      await expect(parent.start(request('alpha', 'print(1)'))).rejects.toMatchObject({ code: 'invalid-state' });
    });

    test('a job reads what its tenant published, writes none of it and sees no other tenant', async () => {
      const published = join(dataFolder(), 'tenants/alpha/objects/datasets/one');
      await mkdir(published, { recursive: true });
      const code = [
        'import os',
        "here = os.path.expanduser('~/datasets/numbers@1')",
        'print(os.path.isdir(here))',
        'try:',
        "    open(here + '/x', 'w')",
        'except OSError as error:',
        '    print(error.strerror)',
        `print(os.listdir(${JSON.stringify(join(dataFolder(), 'tenants'))}))`
      ].join('\n');
      const job = request('alpha', code, { mounts: [{ mountName: 'numbers@1', path: published }] });
      await runtime.start(job);
      await waitFor(async () => ((await runtime.observe(job)).phase === 'ended' ? true : undefined));
      expect((await runtime.readLog(job, { part: '0', offset: 0, limitBytes: 10_000 })).text).toBe("True\nRead-only file system\n['alpha']\n");
      await runtime.remove(job);
    });

    testMpiJobs({ client: () => client, site, request: (code, given) => request('alpha', code, given), waitFor });

    test('a job of the platform runs as a gang of pods: its mount, its output, its lineage and its quota are as on one machine', async () => {
      await makeTenant('demo', roomy);
      const platform = await createTestHost({ services: platformServices(dataFolder(), createKubernetesJobRuntime(client, site())), isBackgroundRunning: true });
      try {
        const demo = { tenant: 'demo' };
        const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
        const jobs = platform.clientFor(computeRoutes, ann);
        const datasets = platform.clientFor(catalogRoutes, ann);
        await waitFor(async () => ((await datasets.listVersions({ params: { ...demo, dataset: 'numbers' } }).catch(noItems)).items[0]?.state === 'ready' ? true : undefined));
        const { id, urn } = await jobs.submitJob({
          params: demo,
          body: {
            ...{ name: 'double', code: { kind: 'script', text: doubling }, processes: 2, resourcesPerProcess: { cpu: 0.2, memoryMiB: 256, gpu: 0 } },
            ...{ datasets: [{ name: 'numbers' }], outputs: [{ name: 'doubled', kind: 'dataset', as: 'doubled' }] }
          }
        });
        const over = await waitFor(async () => {
          const job = await jobs.getJob({ params: { ...demo, job: id } });
          return job.finishedAt === null ? undefined : job;
        });
        expect([over.state, over.reason, over.outputs[0]?.urn]).toEqual(['succeeded', null, 'urn:strata:demo:dataset:doubled@1']);
        expect((await jobs.getJobLog({ params: { ...demo, job: id }, query: { rank: '1' } })).text).toBe('1 of 2 sees 3 numbers\n');
        const graph = await waitFor(async () => {
          const found = JSON.stringify(await datasets.getLineage({ params: demo, query: { urn: 'urn:strata:demo:dataset:doubled@1', direction: 'up', depth: 3 } }));
          return found.includes('urn:strata:demo:dataset:numbers@1') ? found : undefined;
        });
        expect(graph).toContain(urn);
        const { items } = await platform.clientFor(controlRoutes, ann).getQuotas({ params: demo });
        expect(items.filter(({ resource }) => resource === 'jobs' || resource === 'cpu').map(({ used, reserved }) => used + reserved)).toEqual([0, 0]);
      } finally {
        await platform.close();
      }
    });
  });
}

const codeOf = (error: unknown): unknown => (error instanceof Problem ? error.code : error);

const noItems = (): { items: { state: string }[] } => ({ items: [] });

const doubling = [
  'import csv, glob, os',
  "rank, world = os.environ['RANK'], os.environ['WORLD_SIZE']",
  "[path] = glob.glob(os.path.expanduser('~/datasets/numbers@1/*.csv'))",
  'numbers = [int(row["n"]) for row in csv.DictReader(open(path))]',
  "print(f'{rank} of {world} sees {len(numbers)} numbers')",
  "if rank == '0':",
  "    with open(os.environ['STRATALAB_OUTPUTS'] + '/doubled/doubled.csv', 'w') as file:",
  "        file.write('n\\n' + ''.join(f'{2 * n}\\n' for n in numbers))"
].join('\n');

/** The services a job needs, with the cluster in the place of this machine. */
function platformServices(folder: string, runtime: KubernetesJobRuntime): readonly MountedService[] {
  const samples = {
    all: [{ name: 'numbers', description: 'Three numbers', tags: [], isParquet: false, sizeBytes: 10 }],
    write: (name: string, target: string) => writeFile(join(target, `${name}.csv`), 'n\n1\n2\n3\n')
  };
  return [
    mountService(control, fakeControlPorts()),
    mountService(catalog, {
      ...{ samples, store: createFolderObjectStore({ dataFolder: folder }), query: createDuckDbQueryEngine() },
      workspaces: createLocalMounts({ dataFolder: folder })
    }),
    mountService(compute, { runtime, platformUrl: 'http://127.0.0.1:9' })
  ];
}

async function waitFor<T>(check: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('Waited in vain.');
    await pause(200);
  }
}
