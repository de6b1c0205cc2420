import { expect, test } from '@jest/globals';
import type { JobStart } from '@stratalab/kernel';
import { gpuResourcesOf, siteOfKind } from './gpu-kinds.ts';
import { volcanoJob } from './manifests/volcano-job.ts';
import type { Site } from './site.ts';

const site: Site = {
  ...{ image: 'localhost/job:1', claimName: 'data', dataFolder: '/data', user: { uid: 1000, gid: 1000 } },
  ...{ namespaceOf: tenant => tenant, queueOf: tenant => tenant },
  pod: { nodeSelector: { pool: 'jobs' } },
  gpuKinds: { h200: { resource: 'nvidia.com/gpu', nodeSelector: { product: 'H200' } }, slice: { resource: 'nvidia.com/mig-1g.18gb' } }
};
const request: JobStart = {
  ...{ tenant: 'alpha', jobId: '01j00000000000000000000000', attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code: '', arguments: [] },
  ...{ environment: {}, token: 'none', mounts: [], outputs: [], perProcess: { cpu: 1, memoryMiB: 64, gpu: 2 } }
};

test.each([
  [undefined, 'nvidia.com/gpu', { pool: 'jobs' }],
  ['h200', 'nvidia.com/gpu', { pool: 'jobs', product: 'H200' }],
  ['slice', 'nvidia.com/mig-1g.18gb', { pool: 'jobs' }]
])('GPUs of kind %s are %s on nodes %j', (gpuKind, resource, nodeSelector) => {
  const job = volcanoJob({ ...request, ...(gpuKind === undefined ? {} : { gpuKind }) }, siteOfKind(site, gpuKind));
  expect(job.metadata?.labels?.['stratalab/gpu-kind']).toBe(gpuKind);
  expect(job.spec).toMatchObject({ tasks: [{ template: { spec: { nodeSelector, containers: [{ resources: { limits: { [resource]: '2' } } }] } } }] });
});

test('a kind that is offered no longer is said, and every resource of a kind is a GPU', () => {
  expect(() => siteOfKind(site, 'a100')).toThrow("The kind of GPU 'a100' is offered no longer.");
  expect(gpuResourcesOf(site)).toEqual(['nvidia.com/gpu', 'nvidia.com/mig-1g.18gb']);
  expect(gpuResourcesOf({ ...site, gpuKinds: {} })).toEqual(['nvidia.com/gpu']);
});
