import { expect, test } from '@jest/globals';
import type { V1Node } from '@kubernetes/client-node';
import { capacityOf, quantity } from './capacity.ts';

const node = (allocatable: Record<string, string>, ready = 'True', unschedulable = false): V1Node => ({
  spec: { unschedulable },
  status: { allocatable, conditions: [{ type: 'Ready', status: ready }] }
});

test('quantities are read in their units, and nonsense is nothing', () => {
  expect(['1500m', '4', '2Gi', '1k', '0.5', 'x', ''].map(quantity)).toEqual([1.5, 4, 2 ** 31, 1000, 0.5, 0, 0]);
});

test('only nodes that are ready and open count', () => {
  const nodes = [node({ cpu: '1900m', memory: '2Gi', 'nvidia.com/gpu': '2' }), node({ cpu: '64' }, 'False'), node({ cpu: '64' }, 'True', true), node({ cpu: '100m' })];
  expect(capacityOf(nodes, ['nvidia.com/gpu'])).toEqual({ cpu: 2, memoryMiB: 2048, gpu: 2 });
});
