import { expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { farSide, root } from '../testing/platform.test-support';
import { putProfileByArguments, removeProfileByName } from './profile-commands';

const large = {
  ...{ name: 'large', displayName: 'Large', description: 'For training', cpu: 8, memoryMiB: 32_768, gpuCount: 1, isDefault: false, tenants: ['lab'] },
  ...{ gpuResource: 'nvidia.com/mig-1g.10gb', nodeSelector: { pool: 'gpu' }, tolerations: [], images: [] }
};
const answers = { 'GET /profiles': { items: [large] }, 'PUT /profiles/large': large, 'PUT /profiles/tiny': large };
const lastBody = (asked: readonly string[]): unknown => JSON.parse(asked.at(-1)?.split(' ').slice(2).join(' ') ?? '');

test('a known profile keeps what is not given, places and images too', async () => {
  const { stratalab, asked } = farSide(root, answers);
  await putProfileByArguments(stratalab.clientFor(controlRoutes), 'large', { name: 'large', cpu: 16, tenants: null });
  const { name: _name, ...rest } = large;
  expect(asked.at(-1)?.startsWith('PUT /profiles/large ')).toBe(true);
  expect(lastBody(asked)).toEqual({ ...rest, cpu: 16, tenants: null });
});

test('a new name makes a small profile', async () => {
  const { stratalab, asked } = farSide(root, answers);
  await putProfileByArguments(stratalab.clientFor(controlRoutes), 'tiny', { name: 'tiny', memoryMiB: 512 });
  expect(lastBody(asked)).toEqual({ displayName: 'tiny', description: '', cpu: 1, memoryMiB: 512, gpuCount: 0, isDefault: false });
});

test('a profile that is not there is not deleted', async () => {
  const { stratalab, translator } = farSide(root, answers);
  await expect(removeProfileByName(stratalab.clientFor(controlRoutes), 'none', translator)).rejects.toMatchObject({ code: 'not-found' });
});
