import { expect, test } from '@jest/globals';
import { readGpuKinds } from './gpu-kinds.ts';

test('kinds of GPU are read with their resources and nodes', () => {
  expect(readGpuKinds('')).toEqual({});
  const kinds = { 'mig-1g.18gb': { resource: 'nvidia.com/mig-1g.18gb' }, h200: { resource: 'nvidia.com/gpu', nodeSelector: { 'nvidia.com/gpu.product': 'NVIDIA-H200' } } };
  expect(readGpuKinds(JSON.stringify(kinds))).toEqual(kinds);
});

test.each([
  ['no json'],
  ['[]'],
  ['{"H200":{"resource":"nvidia.com/gpu"}}'],
  ['{"h200":{}}'],
  ['{"h200":{"resource":"gpu"}}'],
  ['{"h200":{"resource":"nvidia.com/gpu","taints":[]}}']
])('%s is refused by the name of the setting', text => {
  expect(() => readGpuKinds(text)).toThrow('STRATALAB_CLUSTER_GPU_KINDS is not valid');
});
