import { describe, expect, test } from '@jest/globals';
import { shareOf } from './fair-share.ts';

const pool = { cpu: 100, memoryMiB: 1024, gpu: 8 };
const limits = { cpu: 60, memoryMiB: 512, gpu: 4, jobs: 5, workspaces: 5 };
const at = { pool, gpuResource: 'nvidia.com/gpu' };

describe('the share of a tenant', () => {
  test('is its limit as long as the pool has room for the limits of all', () => {
    expect(shareOf(limits, [{ cpu: '40', memory: '512Mi', 'nvidia.com/gpu': '4' }], at)).toEqual(limits);
  });

  test('shrinks with everybody else’s when together they may want more than there is; GPUs are whole', () => {
    expect(shareOf(limits, [{ cpu: '140', memory: '1Gi', 'nvidia.com/gpu': '8' }], at)).toEqual({ ...limits, cpu: 30, memoryMiB: 1024 / 3, gpu: 2 });
  });

  test('is open where there is no limit', () => {
    expect(shareOf({ ...limits, cpu: null }, [{ cpu: '400' }], at).cpu).toBeNull();
  });
});
