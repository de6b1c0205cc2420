import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { createClusterClient, createKubernetesJobRuntime, marks, type KubernetesJobRuntime } from '@stratalab/job-runtime-kubernetes';
import { newId, type JobStart, type TenantPlaces } from '@stratalab/kernel';
import { createKubernetesTenantPlaces } from '@stratalab/tenancy-kubernetes';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, type Cluster } from '../cluster.ts';
import { letPodsLast, runsFor, withLastingPods } from './lasting-pods.test-support.ts';
import { limits, testSite } from './platform-account.test-support.ts';

/** A device that one simulated node has eight of and no other node has: the whole pool of this suite. */
const device = 'example.com/accelerator';
const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'shared-0',
    annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
    labels: { type: 'kwok', 'kubernetes.io/hostname': 'shared-0' }
  },
  spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
  status: { allocatable: { cpu: '64', memory: '256Gi', pods: '110', [device]: '8' }, capacity: { cpu: '64', memory: '256Gi', pods: '110', [device]: '8' } }
};

/** Two tenants and one full pool: what waits starts by itself when a job of the other one ends, or when the other one may hold less. */
export function describeSharedPool(cluster: () => Cluster): void {
  describe('a pool that two tenants share', () => {
    let folder = '';
    let places: TenantPlaces;
    let runtime: KubernetesJobRuntime;
    const kubectl = (...args: string[]): Promise<string> => cluster().kubectl(args);
    const apply = async (object: object): Promise<void> => void (await cluster().kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(object)));
    const namespaceOf = (tenant: string): string => `shared-${tenant}`;
    const ask = (tenant: string, devices: number): JobStart => ({
      ...{ tenant, jobId: newId(), attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code: '' },
      ...{ perProcess: { cpu: 1, memoryMiB: 512, gpu: devices }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] }
    });
    const start = async (tenant: string, devices: number): Promise<JobStart> => {
      const job = ask(tenant, devices);
      await runtime.start(job);
      return job;
    };
    const isRunning = async (job: JobStart): Promise<boolean> => (await runtime.observe(job)).phase === 'running';
    const uidOf = (job: JobStart): Promise<string> => kubectl('-n', namespaceOf(job.tenant), 'get', 'vcjob', `job-${job.jobId}-1`, '-o', 'jsonpath={.metadata.uid}');
    const mayUse = async (tenant: string, gpu: number): Promise<void> => void (await places.ensure(tenant, { ...limits, gpu }));

    beforeAll(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-shared-')));
      await letPodsLast(cluster());
      await apply(node);
      // What each is due is a part of what is ready.
      const condition = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
      await until('The node of the pool', async () => (await kubectl('get', 'node', 'shared-0', '-o', condition)) === 'True', 60_000);
      const config = new KubeConfig();
      config.loadFromFile(cluster().kubeconfig);
      const client = createClusterClient(config);
      // Pods of this suite run until they are told to end.
      runtime = createKubernetesJobRuntime(withLastingPods(client), {
        ...{ image: 'registry.example/job@sha256:0', claimName: 'stratalab-data', dataFolder: folder, user: { uid: 1000, gid: 1000 }, gpuResource: device, isReclaiming: true },
        ...{ namespaceOf, queueOf: namespaceOf, pod: { tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }] } }
      });
      places = createKubernetesTenantPlaces(client, testSite(folder, { namespaceOf, parentQueue: 'shared', gpuResource: device, isReclaimable: true }));
      // Together more than the pool: of its eight, six are due to the first and two to the second.
      for (const _round of [1, 2]) {
        await mayUse('one', 12);
        await mayUse('two', 4);
      }
    });

    afterAll(async () => {
      for (const tenant of ['one', 'two']) await until(`The end of the place of ${tenant}`, () => places.remove(tenant), 60_000);
      await kubectl('delete', 'queue', 'shared', '--ignore-not-found');
      await kubectl('delete', 'node', 'shared-0', '--ignore-not-found');
      await rm(folder, { recursive: true, force: true });
    });

    test('what finds no room in the pool starts, untouched, when a job of the other tenant ends', async () => {
      const [long, short] = [await start('one', 2), await start('one', 4)];
      await until('The jobs of the first tenant running', async () => (await isRunning(long)) && (await isRunning(short)), 60_000);
      const waiting = await start('two', 4);
      const uid = await uidOf(waiting);
      await until('The reason of the wait', async () => (await runtime.waitingReason(waiting)) !== undefined, 60_000);
      expect(await isRunning(waiting)).toBe(false);
      await kubectl('-n', 'shared-one', 'annotate', 'pod', '--overwrite', '-l', `${marks.job}=${short.jobId}`, `${runsFor}=1ms`);
      await until('The waiting job starting', () => isRunning(waiting), 60_000);
      expect(await uidOf(waiting)).toBe(uid);
      expect(await isRunning(long)).toBe(true);
      for (const job of [long, short, waiting]) await until('The end of a job', () => runtime.remove(job), 60_000);
    });

    test('what finds no room in the pool starts, untouched, when the other tenant may hold less than it does', async () => {
      const held = [await start('one', 2), await start('one', 4)];
      await until('The jobs of the first tenant running', async () => (await Promise.all(held.map(isRunning))).every(Boolean), 60_000);
      const waiting = await start('two', 4);
      const uid = await uidOf(waiting);
      await until('The reason of the wait', async () => (await runtime.waitingReason(waiting)) !== undefined, 60_000);
      expect(await isRunning(waiting)).toBe(false);
      // Now both limits fit the pool together, so each tenant is due all of its own.
      await mayUse('one', 4);
      await mayUse('two', 4);
      await until('The waiting job starting', () => isRunning(waiting), 60_000);
      expect(await uidOf(waiting)).toBe(uid);
      // Volcano starts one and writes down the end of the other in either order.
      const ends = (): Promise<readonly string[]> =>
        Promise.all(
          held.map(async job => {
            const seen = await runtime.observe(job);
            return seen.phase === 'ended' ? seen.end : seen.phase;
          })
        );
      await until('The end of a job of the first tenant', async () => (await ends()).some(end => end !== 'running'), 60_000);
      expect([...(await ends())].sort()).toEqual(['lost', 'running']);
      for (const job of [...held, waiting]) await until('The end of a job', () => runtime.remove(job), 60_000);
    });
  });
}
