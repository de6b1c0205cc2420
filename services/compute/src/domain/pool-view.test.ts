import { describe, expect, test } from '@jest/globals';
import type { JobPool, PoolNode } from '@stratalab/kernel';
import { machinePool, nodeView, poolSums } from './pool-view.ts';

const node = (name: string, given: Partial<PoolNode> = {}): PoolNode => ({
  ...{ name, isReady: true, isOpen: true, takesJobs: true, pool: null, labels: {}, devices: [], freeProcesses: null },
  ...{ total: { cpu: 8, memoryMiB: 8192, gpu: 2 }, used: { cpu: 0, memoryMiB: 0, gpu: 0 } },
  ...given
});
const pool: JobPool = {
  ...{ kind: 'cluster', readAt: '2026-01-01T00:00:00Z', overheadMiB: 64 },
  nodes: [
    node('empty', { devices: [{ resource: 'x/gpu', total: 2, used: 0 }] }),
    node('half', { used: { cpu: 5, memoryMiB: 1024, gpu: 1 }, devices: [{ resource: 'x/gpu', total: 2, used: 1 }] }),
    node('full', { used: { cpu: 9, memoryMiB: 8192, gpu: 2 } }),
    node('closed', { takesJobs: false })
  ],
  tenants: [
    { tenant: 'small', used: { cpu: 1, memoryMiB: 0, gpu: 0 }, processes: 1, waiting: 0, limit: { cpu: null, memoryMiB: null, gpu: null } },
    { tenant: 'large', used: { cpu: 1, memoryMiB: 0, gpu: 3 }, processes: 3, waiting: 2, limit: { cpu: 4, memoryMiB: null, gpu: 4 } }
  ]
};

describe('the pool in sums', () => {
  test('what is free on nodes where no usual process fits is of no use for it', () => {
    const sums = poolSums(pool, { cpu: 4, memoryMiB: 1024, gpu: 0 });
    expect(sums).toMatchObject({ largestGang: 2, free: { cpu: 11, memoryMiB: 15_360, gpu: 3 }, fragmented: { cpu: 3, memoryMiB: 7168, gpu: 1 }, closed: { cpu: 8, gpu: 2 } });
    expect(poolSums(pool, { cpu: 3, memoryMiB: 1024, gpu: 1 })).toMatchObject({ largestGang: 3, fragmented: { cpu: 0, gpu: 0 } });
  });

  test('the memory a process takes beside its own is counted', () => {
    expect(poolSums(pool, { cpu: 1, memoryMiB: 8192, gpu: 0 }).largestGang).toBe(0);
    expect(poolSums({ ...pool, overheadMiB: 0 }, { cpu: 1, memoryMiB: 8192, gpu: 0 }).largestGang).toBe(1);
  });

  test('kinds of devices are summed up over nodes that take jobs, tenants come by what they use', () => {
    const sums = poolSums(pool, { cpu: 1, memoryMiB: 64, gpu: 0 });
    expect(sums.devices).toEqual([{ resource: 'x/gpu', total: 4, used: 1 }]);
    expect(sums.tenants.map(({ tenant }) => tenant)).toEqual(['large', 'small']);
  });

  test('on a node that takes no jobs nothing fits', () => {
    expect(pool.nodes.map(each => nodeView(each, { cpu: 4, memoryMiB: 1024, gpu: 0 }, 64).fits)).toEqual([2, 0, 0, 0]);
  });
});

test('one machine is a pool of one node, used by what jobs hold', () => {
  const holds = { cpu: 1, memoryMiB: 512, gpu: 0 };
  const machine = machinePool(
    { cpu: 4, memoryMiB: 4096, gpu: 0 },
    [
      { tenant: 'demo', processes: 2, holds, isWaiting: false },
      { tenant: 'demo', processes: 9, holds, isWaiting: true }
    ],
    'now'
  );
  expect(machine.nodes).toMatchObject([{ total: { cpu: 4 }, used: holds, takesJobs: true }]);
  expect(machine.tenants).toMatchObject([{ tenant: 'demo', used: holds, processes: 2, waiting: 1 }]);
});
