import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { compute } from '@stratalab/compute';
import { computeRoutes, type JobInput, type QueueEntry } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { control } from '@stratalab/control';
import { createClusterClient, createKubernetesJobRuntime, type ClusterClient, type KubernetesJobRuntime, type Site } from '@stratalab/job-runtime-kubernetes';
import { mountService, newId, type JobStart, type TenantLimits } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, type Cluster } from './cluster.ts';
import { makePlace, plainSite } from './tenancy/plain-place.ts';

const gpuResource = 'nvidia.com/gpu';
const unknownGpu = 'nvidia.com/gpu-of-tomorrow';
const slice = 'nvidia.com/mig-1g.18gb';
const productLabel = 'nvidia.com/gpu.product';
const gpuKinds = {
  h100: { resource: gpuResource, nodeSelector: { [productLabel]: 'NVIDIA-H100' } },
  h200: { resource: gpuResource, nodeSelector: { [productLabel]: 'NVIDIA-H200' } },
  slice: { resource: slice }
} as const;
const roomy: TenantLimits = { cpu: 200, memoryMiB: 2_000_000, gpu: 4, jobs: 3, workspaces: 0 };
const small = { cpu: 0.5, memoryMiB: 512, gpu: 0 };
const ann = testActor({ subject: 'ann', tenants: { demo: 'editor', tight: 'editor' } });

/**
 * Jobs that the cluster holds back, on simulated nodes (one with 8 GPUs, one with 6 and slices; 64 cores each): each says the true reason and its place, and what is
 * suggested instead really starts.
 */
export function describeWaitingJobs(cluster: () => Cluster): void {
  describe('jobs that wait on the cluster', () => {
    let folder = '';
    let client: ClusterClient;
    let runtime: KubernetesJobRuntime;
    let platform: TestHost;
    const site = (given: Partial<Site> = {}): Site => ({
      ...{ image: 'localhost/hostusr:1', claimName: 'stratalab-data', dataFolder: folder, user: { uid: 0, gid: 0 } },
      ...{ namespaceOf: tenant => `waiting-${tenant}`, queueOf: tenant => `waiting-${tenant}` },
      pod: { nodeSelector: { type: 'kwok' }, tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }] },
      ...given
    });
    const makeTenant = async (tenant: string, resource = gpuResource): Promise<void> => {
      const places = plainSite(folder, { namespaceOf: name => `waiting-${name}`, gpuResource: resource, gpuSlices: [slice], podSecurity: 'privileged' });
      await makePlace(client, places, tenant, roomy);
    };
    const jobs = () => platform.clientFor(computeRoutes, ann);
    const submit = async (tenant: string, name: string, ask: Pick<JobInput, 'processes' | 'resourcesPerProcess' | 'gpuKind'>): Promise<string> =>
      (await jobs().submitJob({ params: { tenant }, body: { name, code: { kind: 'script', text: 'print(1)' }, ...ask } })).id;
    const entryOf = async (tenant: string, id: string): Promise<QueueEntry | undefined> =>
      (await jobs().getQueue({ params: { tenant } })).items.find(item => item.id === id && item.isOnCluster);
    const waitFor = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
      let found: T | undefined;
      await until(
        what,
        async () => {
          found = await look();
          return found !== undefined;
        },
        90_000
      );
      if (found === undefined) throw new Error(what);
      return found;
    };
    const held = (tenant: string, id: string, reason: RegExp): Promise<QueueEntry> =>
      waitFor(`The reason ${reason.source}`, async () => {
        const entry = await entryOf(tenant, id);
        return entry !== undefined && entry.smallerAsk !== null && reason.test(entry.waitReason) ? entry : undefined;
      });
    /** Asks for what was suggested, in the place of the job that waits. */
    const askInstead = async (tenant: string, { id, smallerAsk }: QueueEntry): Promise<string> => {
      await jobs().cancelJob({ params: { tenant, job: id } });
      const smaller = await submit(tenant, 'smaller', smallerAsk ?? {});
      return waitFor('The smaller ask starting', async () => {
        const { state } = await jobs().getJob({ params: { tenant, job: smaller } });
        return state === 'succeeded' || state === 'failed' ? state : undefined;
      });
    };

    beforeAll(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-waiting-')));
      const config = new KubeConfig();
      config.loadFromFile(cluster().kubeconfig);
      client = createClusterClient(config);
      runtime = createKubernetesJobRuntime(client, site({ gpuKinds }));
      await makeTenant('demo');
      await makeTenant('tight');
      await makeTenant('odd', unknownGpu);
      await cluster().kubectl(['-n', 'waiting-tight', 'patch', 'resourcequota', 'stratalab', '--type=merge', '-p', JSON.stringify({ spec: { hard: { pods: '2' } } })]);
      platform = await createTestHost({
        services: [mountService(control, fakeControlPorts()), mountService(compute, { runtime, platformUrl: 'http://127.0.0.1:9' })],
        isBackgroundRunning: true,
        environment: { STRATALAB_JOB_GRACE_SECONDS: '1' }
      });
      await createTenant(platform, 'tight');
      const limits = { cpu: 400, 'memory-mib': 4_000_000, gpu: 20, jobs: 50 } as const;
      for (const tenant of ['demo', 'tight'])
        for (const resource of ['cpu', 'memory-mib', 'gpu', 'jobs'] as const)
          await platform.clientFor(controlRoutes, administrator).setQuota({ params: { tenant, resource }, body: { limit: limits[resource] } });
    });

    afterAll(async () => {
      await platform.close();
      for (const tenant of ['demo', 'tight', 'odd']) await cluster().kubectl(['-n', `waiting-${tenant}`, 'delete', 'vcjob', '--all', '--wait=false']);
      await rm(folder, { recursive: true, force: true });
    });

    test('larger than any node, then larger than its queue: reason, place and a smaller ask that starts', async () => {
      const wide = await submit('demo', 'wide', { processes: 1, resourcesPerProcess: { cpu: 80, memoryMiB: 1024, gpu: 0 } });
      expect(await held('demo', wide, /^No node fits: .*Insufficient cpu/)).toMatchObject({
        place: 1,
        smallerAsk: { processes: 1, resourcesPerProcess: { cpu: 64, memoryMiB: 1024, gpu: 0 } },
        ahead: { own: 0, others: 0 }
      });
      const gang = await submit('demo', 'gang', { processes: 6, resourcesPerProcess: { ...small, gpu: 1 } });
      const waiting = await held('demo', gang, /^The queue of the tenant has no room for nvidia\.com\/gpu\. It asks for 6 nvidia\.com\/gpu, and 4 are left\.$/);
      expect(waiting).toMatchObject({ place: 2, smallerAsk: { processes: 4, resourcesPerProcess: { ...small, gpu: 1 } }, ahead: { own: 1, firstOwn: ['wide'] } });
      expect(await jobs().getJob({ params: { tenant: 'demo', job: gang } })).toMatchObject({ state: 'starting', place: 2, waitReason: waiting.waitReason });
      expect(await askInstead('demo', waiting)).toBe('succeeded');
      expect(await askInstead('demo', await held('demo', wide, /^No node fits/))).toBe('succeeded');
    });

    test('kinds of GPU are asked for by name: a slice by a resource of its own, a model by its nodes; a smaller ask is of the same kind', async () => {
      expect((await jobs().getQueue({ params: { tenant: 'demo' } })).gpuKinds).toEqual(['h100', 'h200', 'slice']);
      const each = { ...small, gpu: 1 };
      const tooMany = await submit('demo', 'slices', { processes: 6, resourcesPerProcess: each, gpuKind: 'slice' });
      const waiting = await held('demo', tooMany, /It asks for 6 nvidia\.com\/mig-1g\.18gb, and 4 are left\.$/);
      expect(waiting.smallerAsk).toEqual({ processes: 4, resourcesPerProcess: each });
      await jobs().cancelJob({ params: { tenant: 'demo', job: tooMany } });
      const nowhere = await submit('demo', 'nowhere', { processes: 1, resourcesPerProcess: each, gpuKind: 'h100' });
      const noNode = await waitFor('The reason of the wait', async () => {
        const entry = await entryOf('demo', nowhere);
        return entry !== undefined && entry.waitReason.startsWith('No node fits') ? entry : undefined;
      });
      expect(noNode.smallerAsk).toBeNull();
      await jobs().cancelJob({ params: { tenant: 'demo', job: nowhere } });
      for (const [gpuKind, resource] of [
        ['slice', slice],
        ['h200', gpuResource]
      ] as const) {
        const id = await submit('demo', gpuKind, { processes: 2, resourcesPerProcess: each, gpuKind });
        const state = await waitFor('The end of the job', async () => {
          const job = await jobs().getJob({ params: { tenant: 'demo', job: id } });
          return job.state === 'succeeded' || job.state === 'failed' ? job : undefined;
        });
        expect(state).toMatchObject({ state: 'succeeded', gpuKind });
        const asked = await cluster().kubectl([
          '-n',
          'waiting-demo',
          'get',
          'vcjob',
          '-l',
          `stratalab/job=${id}`,
          '-o',
          'jsonpath={.items[0].spec.tasks[0].template.spec.containers[0].resources.limits}'
        ]);
        expect(JSON.parse(asked)).toMatchObject({ [resource]: '1' });
      }
      await expect(submit('demo', 'wrong', { resourcesPerProcess: each, gpuKind: 'b300' })).rejects.toMatchObject({
        code: 'invalid-request',
        details: { hint: 'Choose one of: h100, h200, slice; or leave it out.' }
      });
      await expect(submit('demo', 'none', { resourcesPerProcess: small, gpuKind: 'slice' })).rejects.toMatchObject({ code: 'invalid-request' });
    });

    test('refused by the quota of the namespace: the numbers, and as many processes as it leaves', async () => {
      const gang = await submit('tight', 'gang', { processes: 3, resourcesPerProcess: small });
      const waiting = await held('tight', gang, /used its quota: pods=1 asked for, pods=2 in use, pods=2 allowed/);
      expect(waiting).toMatchObject({ place: 1, smallerAsk: { processes: 2, resourcesPerProcess: small } });
      expect(await askInstead('tight', waiting)).toBe('succeeded');
    });

    test('a kind of GPU that no node has: said where Volcano is silent, and without it the job starts', async () => {
      const odd = createKubernetesJobRuntime(client, site({ gpuResource: unknownGpu }));
      const request = (given: Pick<JobStart, 'processes' | 'perProcess'>): JobStart => ({
        ...{ tenant: 'odd', jobId: newId(), attempt: 1, launcher: 'python', gpuDevices: [], fileName: 'main.py', code: 'print(1)' },
        ...{ arguments: [], environment: {}, token: 't', mounts: [], outputs: [] },
        ...given
      });
      const asked = { processes: 2, perProcess: { ...small, gpu: 1 } };
      const job = request(asked);
      await odd.start(job);
      const reason = await waitFor('The reason of the wait', () => odd.waitingReason(job));
      expect(reason).toBe(`No node of the cluster offers ${unknownGpu}; what there is: nvidia.com/gpu, nvidia.com/mig-1g.18gb.`);
      const smaller = await waitFor('A smaller ask', () => odd.smallerAsk(job, asked));
      expect(smaller).toEqual({ processes: 2, perProcess: small });
      await odd.cancel(job, { graceMs: 1000 });
      const instead = request(smaller);
      await odd.start(instead);
      await until('The smaller ask ending', async () => (await odd.observe(instead)).phase === 'ended', 60_000);
      expect(await odd.observe(instead)).toMatchObject({ phase: 'ended', end: 'exited', exitCode: 0 });
    });

    test('administrators see the pool with its GPUs and slices, and that a closed node counts no longer; nobody else does', async () => {
      const ask = { cpu: 1, memoryMiB: 1024, gpu: 1 };
      const root = platform.clientFor(computeRoutes, administrator);
      const pool = await waitFor('Nobody using GPUs', async () => {
        const seen = await root.getPool({ query: ask });
        return seen.used.gpu === 0 ? seen : undefined;
      });
      expect(pool).toMatchObject({ kind: 'cluster', largestGang: 14, total: { cpu: 128, gpu: 14 }, nodeCount: 2 });
      expect(pool.devices.map(({ resource, total }) => [resource, total])).toEqual([
        ['nvidia.com/gpu', 14],
        ['nvidia.com/mig-1g.18gb', 14]
      ]);
      expect(pool.tenants.find(({ tenant }) => tenant === 'demo')).toMatchObject({ limits: { cpu: 200, gpu: 4 } });
      expect(await root.getPool({ query: { ...ask, limit: 1 } })).toMatchObject({ items: [{ name: 'fake-0', fits: 8 }], nextCursor: expect.any(String) });
      expect(await root.getPool({ query: { ...ask, gpu: 7 } })).toMatchObject({ largestGang: 1, fragmented: { gpu: 6 } });
      await cluster().kubectl(['cordon', 'fake-0']);
      try {
        await until('The closed node being known', async () => (await root.getPool({ query: ask })).largestGang === 6, 60_000);
        expect(await root.getPool({ query: ask })).toMatchObject({ total: { gpu: 6 }, closed: { gpu: 8 } });
      } finally {
        await cluster().kubectl(['uncordon', 'fake-0']);
      }
      await expect(jobs().getPool({})).rejects.toMatchObject({ code: 'forbidden' });
    });
  });
}
