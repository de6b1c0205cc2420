import { afterEach, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import type { Pool, PoolNode } from '@stratalab/contracts/compute';
import * as React from 'react';
import { mount, until } from '../../../kit/src/testing/render.test-support';
import { farSide, field, root, type } from '../testing/platform.test-support';
import { PoolTab } from './pool-tab';

const node = (name: string, given: Partial<PoolNode> = {}): PoolNode => ({
  ...{ name, isReady: true, isOpen: true, takesJobs: true, pool: 'NVIDIA-H200', labels: { type: 'gpu' }, fits: 3 },
  ...{ total: { cpu: 64, memoryMiB: 524_288, gpu: 8 }, used: { cpu: 4, memoryMiB: 1024, gpu: 2 }, devices: [{ resource: 'nvidia.com/gpu', total: 8, used: 2 }] },
  ...given
});
const pool: Pool = {
  ...{ kind: 'cluster', readAt: '2026-01-01T00:00:00.000Z', usualAsk: { cpu: 2, memoryMiB: 4096, gpu: 1 }, largestGang: 14, nodeCount: 3, nextCursor: null },
  ...{ total: { cpu: 64, memoryMiB: 524_288, gpu: 8 }, used: { cpu: 4, memoryMiB: 1024, gpu: 2 }, free: { cpu: 60, memoryMiB: 523_264, gpu: 6 } },
  ...{ fragmented: { cpu: 7, memoryMiB: 512, gpu: 0 }, closed: { cpu: 64, memoryMiB: 1024, gpu: 6 } },
  devices: [
    { resource: 'nvidia.com/gpu', total: 8, used: 2 },
    { resource: 'nvidia.com/mig-1g.18gb', total: 14, used: 1 }
  ],
  tenants: [{ tenant: 'vision', used: { cpu: 4, memoryMiB: 1024, gpu: 2 }, processes: 2, waiting: 1, limits: { cpu: 16, memoryMiB: null, gpu: 4 } }],
  items: [node('a'), node('b', { isOpen: false, takesJobs: false }), node('c', { isReady: false, takesJobs: false })]
};
const path = 'GET /api/compute/v1/pool';

let unmount = (): void => undefined;
afterEach(() => unmount());
const shows = (text: string): Promise<void> => until(() => document.body.textContent?.includes(text) ?? false);

describe('the pool', () => {
  test('says what is free and of what use, the kinds of devices, and who uses it', async () => {
    ({ unmount } = mount(<PoolTab />, farSide(root, { [path]: pool })));
    await shows('The largest gang that would start now has 14 processes with 2 cores, 4 GiB, 1 GPU each.');
    const cells = [...document.querySelectorAll('table tbody tr')].map(row => [...row.children].map(({ textContent }) => textContent));
    expect(cells).toEqual([
      ['Cores', '64', '4', '60', '7', '64'],
      ['Memory', '512 GiB', '1 GiB', '511 GiB', '512 MiB', '1 GiB'],
      ['GPUs', '8', '2', '6', '0', '6']
    ]);
    expect(document.querySelector('[aria-label="Kinds of devices"]')?.textContent).toContain('nvidia.com/mig-1g.18gb 1 of 14 used');
    expect([...document.querySelectorAll('[role=grid]')].map(grid => grid.getAttribute('aria-label'))).toEqual(['Machines', 'Use by tenant']);
  });

  test('another size of a process is another question', async () => {
    const suite = farSide(root, { [path]: pool });
    ({ unmount } = mount(<PoolTab />, suite));
    await shows('The largest gang');
    expect(suite.asked).toEqual(['GET /api/compute/v1/pool?limit=200']);
    type(field('GPUs each'), '2');
    await until(() => suite.asked.at(-1) === 'GET /api/compute/v1/pool?limit=200&cpu=2&memoryMiB=4096&gpu=2');
  });

  test('nothing that fits, and a cluster that does not answer, are said', async () => {
    ({ unmount } = mount(<PoolTab />, farSide(root, { [path]: { ...pool, largestGang: 0 } })));
    await shows('Not one process with 2 cores, 4 GiB, 1 GPU would start now.');
    unmount();
    ({ unmount } = mount(<PoolTab />, farSide(root, { [path]: new Problem('unavailable', { detail: 'The cluster does not answer right now.' }) })));
    await shows('The cluster does not answer right now.');
  });
});
