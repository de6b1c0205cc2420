import { beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { createClusterClient, createRayJobRuntime, marks, type ClusterClient, type Site } from '@stratalab/job-runtime-kubernetes';
import { newId, type JobObservation, type JobRuntime, type JobStart } from '@stratalab/kernel';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { makePlace, plainSite } from '../tenancy/plain-place.ts';
import { rayFolder } from './ray-image.test-support.ts';

const tenant = 'rays';

/** Jobs on Ray clusters of their own: real Ray in real pods. */
export function describeRayJobs(cluster: () => Cluster, dataFolder: () => string): void {
  describe('Ray jobs on the cluster', () => {
    let client: ClusterClient;
    let runtime: JobRuntime;
    const site = (): Site => ({
      image: 'localhost/hostusr:1',
      claimName: 'stratalab-data',
      dataFolder: dataFolder(),
      // The image has no user of its own, and the data folder of this test is root's.
      user: { uid: 0, gid: 0 },
      namespaceOf: name => `tenant-${name}`,
      queueOf: name => `tenant-${name}`,
      pod: {
        nodeSelector: { real: 'true' },
        volumes: [
          { name: 'usr', hostPath: { path: '/usr' } },
          { name: 'ray', hostPath: { path: rayFolder } }
        ]
      },
      volumeMounts: [
        { name: 'usr', mountPath: '/usr', readOnly: true },
        { name: 'ray', mountPath: rayFolder, readOnly: true }
      ]
    });
    const ray = { image: 'localhost/hostusr:1', version: '2.60.0', environment: { PATH: `${rayFolder}/bin:/usr/bin:/bin` } };
    const request = (code: string, given: Partial<JobStart> = {}): JobStart => ({
      ...{ tenant, jobId: newId(), attempt: 1, launcher: 'ray', processes: 2, gpuDevices: [], fileName: 'main.py', code },
      ...{ perProcess: { cpu: 0.5, memoryMiB: 256, gpu: 0 }, arguments: [], environment: {}, token: 'secret-of-the-job', mounts: [], outputs: [] },
      ...given
    });
    const ended = (job: JobStart): Promise<Extract<JobObservation, { phase: 'ended' }>> =>
      waitFor(async () => {
        const seen = await runtime.observe(job);
        return seen.phase === 'ended' ? seen : undefined;
      });
    const logOf = async (job: JobStart, part: string): Promise<string> => (await runtime.readLog(job, { part, offset: 0, limitBytes: 100_000 })).text;
    const removed = (job: JobStart): Promise<true> => waitFor(async () => ((await runtime.remove(job)) ? true : undefined));

    beforeAll(async () => {
      const config = new KubeConfig();
      config.loadFromFile(cluster().kubeconfig);
      client = createClusterClient(config);
      runtime = createRayJobRuntime(client, site(), ray);
      const limits = { cpu: 8, memoryMiB: 16_384, gpu: 1, jobs: 1, workspaces: 0 };
      await makePlace(client, plainSite(dataFolder(), { podSecurity: 'privileged' }), tenant, limits);
    });

    test('a driver runs two tasks in different pods that exchange data, each process has its rank, log and credential, and the output is there', async () => {
      const job = request(exchanging, { outputs: ['sum'] });
      await Promise.all([runtime.start(job), createRayJobRuntime(client, site(), ray).start(job)]);
      const seen = await ended(job);
      expect([seen, await logOf(job, 'launcher')]).toMatchObject([{ end: 'exited', exitCode: 0 }, expect.anything()]);
      expect(await logOf(job, '1')).toBe('1 of 2, secret-of-the-job 0o600\n');
      expect(await logOf(job, '0')).toBe('0 of 2, secret-of-the-job 0o600\n2 pods, 4999950000\n');
      expect(await runtime.stageOutput(job, { name: 'sum', stagingId: newId() })).toBe(true);
      await runtime.start(job);
      await runtime.tidy(job);
      expect(await runtime.observe(job)).toMatchObject({ phase: 'ended', exitCode: 0 });
      await removed(job);
      expect(await runtime.observe(job)).toEqual({ phase: 'absent' });
    });

    test('a cancel asks first, takes the cluster away, and leaves the log', async () => {
      const job = request("import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit(0)))\nprint('ready')\ntime.sleep(600)", { processes: 1 });
      await runtime.start(job);
      await waitFor(async () => ((await logOf(job, '0')) === 'ready\n' ? true : undefined));
      // Its driver says so when all of its processes run, and this one has said its word by then.
      await waitFor(async () => ((await runtime.observe(job)).phase === 'running' ? true : undefined));
      await runtime.cancel(job, { graceMs: 60_000 });
      await createRayJobRuntime(client, site(), ray).cancel(job, { graceMs: 60_000 });
      expect([(await ended(job)).end, await logOf(job, '0')]).toEqual(['cancelled', 'ready\nbye\n']);
      await removed(job);
    });

    test('a gang larger than its queue waits with no pod placed, says why, and a cancel ends it', async () => {
      const job = request('print(1)', { perProcess: { cpu: 0.1, memoryMiB: 128, gpu: 1 } });
      await runtime.start(job);
      expect(await waitFor(async () => runtime.waitingReason?.(job))).toContain('The queue of the tenant has no room for nvidia.com/gpu.');
      const placed = (await client.pods(`tenant-${tenant}`, { [marks.job]: job.jobId })).filter(pod => pod.spec?.nodeName !== undefined);
      expect([(await runtime.observe(job)).phase, placed.length]).toEqual(['starting', 0]);
      await runtime.cancel(job, { graceMs: 1_000 });
      expect((await ended(job)).end).toBe('cancelled');
      await removed(job);
    });

    test('a Ray cluster that cannot come up is why its job waits, and a cancel ends it', async () => {
      const broken = createRayJobRuntime(client, site(), { ...ray, environment: { PATH: '/nowhere' } });
      const job = request('print(1)', { processes: 1 });
      await broken.start(job);
      const reason = await waitFor(async () => {
        const said = await broken.waitingReason?.(job);
        return said?.startsWith('Its Ray cluster does not come up') === true ? said : undefined;
      });
      expect(reason).toMatch(/^Its Ray cluster does not come up: the head ended (once|\d+ times)/);
      await broken.cancel(job, { graceMs: 1_000 });
      expect((await ended(job)).end).toBe('cancelled');
      await removed(job);
    });
  });
}

const exchanging = [
  'import os, stat',
  "path = os.environ['STRATALAB_TOKEN_FILE']",
  "print(f\"{os.environ['RANK']} of {os.environ['WORLD_SIZE']}, {open(path).read()} {oct(stat.S_IMODE(os.stat(path).st_mode))}\")",
  "if os.environ['RANK'] == '0':",
  '    import ray, socket',
  '    ray.init(log_to_driver=False, logging_level="WARNING")',
  '    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as At',
  "    nodes = [node['NodeID'] for node in ray.nodes() if node['Alive']]",
  '    @ray.remote(num_cpus=0.5)',
  '    def make(half): return socket.gethostname(), list(range(half * 50000, half * 50000 + 50000))',
  '    @ray.remote(num_cpus=0.5)',
  '    def add(one, other): return len({one[0], other[0]}), sum(one[1]) + sum(other[1])',
  '    halves = [make.options(scheduling_strategy=At(node, soft=False)).remote(half) for half, node in enumerate(nodes)]',
  '    pods, total = ray.get(add.remote(*halves))',
  "    print(f'{pods} pods, {total}')",
  "    open(os.environ['STRATALAB_OUTPUTS'] + '/sum/sum.txt', 'w').write(str(total))"
].join('\n');

async function waitFor<T>(check: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 150_000;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('Waited in vain.');
    await pause(300);
  }
}
