import { describe, expect, test } from '@jest/globals';
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { ClusterClient } from '../cluster-client.ts';
import { marks, type Site } from '../site.ts';
import { requestsOf } from './amounts.ts';
import { placedPod, type PoolFacts } from './facts.ts';
import { createPoolReader } from './pool-reader.ts';
import { nodeRooms, poolOf } from './pool.ts';
import { spaceFor } from './space.ts';

const site: Site = {
  ...{ image: 'x', claimName: 'c', dataFolder: '/data', user: { uid: 1, gid: 1 }, namespaceOf: tenant => `tenant-${tenant}`, queueOf: tenant => `tenant-${tenant}` },
  pod: { nodeSelector: { jobs: 'yes' }, tolerations: [{ key: 'gpu', operator: 'Exists' }] }
};
const node = (name: string, given: { labels?: Record<string, string>; taint?: string; cordoned?: boolean; ready?: string; more?: Record<string, string> } = {}): V1Node => ({
  metadata: { name, labels: { jobs: 'yes', 'kubernetes.io/os': 'linux', ...given.labels } },
  spec: { unschedulable: given.cordoned === true, ...(given.taint === undefined ? {} : { taints: [{ key: given.taint, effect: 'NoSchedule' }] }) },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10', ...given.more }, conditions: [{ type: 'Ready', status: given.ready ?? 'True' }] }
});
const pod = (namespace: string, on: string | undefined, requests: Record<string, string>): V1Pod => ({
  metadata: { namespace },
  spec: { ...(on === undefined ? {} : { nodeName: on }), containers: [{ name: 'main', resources: { requests } }] }
});
const facts: PoolFacts = {
  readAt: '2026-01-01T00:00:00Z',
  nodes: [
    node('b', { taint: 'gpu', labels: { 'nvidia.com/gpu.product': 'NVIDIA-H200' }, more: { 'nvidia.com/gpu': '8', 'nvidia.com/mig-1g.18gb': '14' } }),
    node('a'),
    node('closed', { cordoned: true }),
    node('gone', { ready: 'Unknown' }),
    node('tainted', { taint: 'other' }),
    node('system', { labels: { jobs: 'no' } })
  ],
  pods: [pod('tenant-t', 'b', { cpu: '1', 'nvidia.com/gpu': '2' }), pod('tenant-t', undefined, { cpu: '4' }), pod('kube-system', 'a', { cpu: '500m', memory: '1Gi' })].flatMap(
    placedPod
  ),
  queues: [
    { metadata: { name: 'tenant-t', labels: { [marks.tenant]: 't' } }, spec: { capability: { cpu: '3', memory: '4Gi', 'nvidia.com/gpu': '4' } } },
    { metadata: { name: 'default' } }
  ],
  podGroups: [{ metadata: { name: 'g', namespace: 'tenant-t' }, spec: { queue: 'tenant-t' }, status: { phase: 'Pending' } }],
  quotas: []
};

describe('the pool of a cluster', () => {
  const pool = poolOf(facts, site);

  test('says of each node whether jobs may be placed on it, and what is used by whomever', () => {
    expect(pool.nodes.map(({ name, takesJobs, isReady, isOpen }) => [name, takesJobs, isReady, isOpen])).toEqual([
      ['a', true, true, true],
      ['b', true, true, true],
      ['closed', false, true, false],
      ['gone', false, false, true],
      ['system', false, true, true],
      ['tainted', false, true, true]
    ]);
    expect(pool.nodes[0]).toMatchObject({
      total: { cpu: 4, memoryMiB: 8192, gpu: 0 },
      used: { cpu: 0.5, memoryMiB: 1024, gpu: 0 },
      pool: null,
      freeProcesses: 9,
      labels: { jobs: 'yes' }
    });
  });

  test('tells kinds of devices apart, slices too', () => {
    expect(pool.nodes[1]).toMatchObject({
      pool: 'NVIDIA-H200',
      devices: [
        { resource: 'nvidia.com/gpu', total: 8, used: 2 },
        { resource: 'nvidia.com/mig-1g.18gb', total: 14, used: 0 }
      ]
    });
  });

  test('sums up per tenant what is placed, what waits and what the limit is', () => {
    expect(pool.tenants).toEqual([{ tenant: 't', used: { cpu: 1, memoryMiB: 0, gpu: 2 }, processes: 1, waiting: 1, limit: { cpu: 3, memoryMiB: 4096, gpu: 4 } }]);
  });

  test('room is on nodes that take jobs only', () => {
    expect(nodeRooms(facts, site, 'nvidia.com/mig-1g.18gb')).toEqual([
      { cpu: 3, memoryMiB: 8192, gpu: 14, processes: 9 },
      { cpu: 3.5, memoryMiB: 7168, gpu: 0, processes: 9 }
    ]);
  });

  test('pods of the waiting gang that were made already are no hindrance to the one in its place', () => {
    const quotas = [{ metadata: { namespace: 'tenant-t' }, status: { hard: { pods: '2' }, used: { pods: '2' } } }];
    const own = { tenant: 't', jobId: 'x', attempt: 1 };
    expect(spaceFor(own, { site, facts: { ...facts, quotas }, ownPods: [] }).limit.processes).toBe(0);
    expect(spaceFor(own, { site, facts: { ...facts, quotas }, ownPods: [pod('tenant-t', undefined, {})] }).limit).toEqual({ cpu: 3, memoryMiB: 4096, gpu: 4, processes: 1 });
  });
});

test('a pod holds its containers and sidecars together, or its largest first step', () => {
  const of = (cpu: string) => ({ name: 'x', resources: { requests: { cpu } } });
  expect(requestsOf({ spec: { containers: [of('1'), of('500m')], initContainers: [of('1'), { ...of('250m'), restartPolicy: 'Always' }], overhead: { cpu: '100m' } } })).toEqual({
    cpu: 1.85,
    pods: 1
  });
  expect(requestsOf({ spec: { containers: [of('1')], initContainers: [of('3')] } })).toEqual({ cpu: 3, pods: 1 });
});

test('many readers are one reading of the cluster, for some seconds; a failure is not kept', async () => {
  const counted = { lists: 0, isDown: false };
  const answer = async (): Promise<readonly never[]> => {
    counted.lists += 1;
    if (counted.isDown) throw new Error('down');
    return [];
  };
  const clock = { now: 0 };
  const client: Pick<ClusterClient, 'nodes' | 'placedPods' | 'list' | 'quotas'> = { nodes: answer, placedPods: answer, list: answer, quotas: answer };
  const read = createPoolReader(client, () => clock.now);
  await Promise.all(Array.from({ length: 50 }, read));
  expect(counted.lists).toBe(5);
  clock.now = 60_000;
  counted.isDown = true;
  await expect(read()).rejects.toThrow('down');
  counted.isDown = false;
  await read();
  expect(counted.lists).toBe(15);
});
