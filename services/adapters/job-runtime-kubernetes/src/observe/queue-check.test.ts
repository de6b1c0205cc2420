import { expect, test } from '@jest/globals';
import { newId, type JobStart } from '@stratalab/kernel';
import type { Site } from '../site.ts';
import type { QueueState } from './cluster-objects.ts';
import { createQueueCheck } from './queue-check.ts';

const site: Site = {
  ...{ image: 'localhost/job:1', claimName: 'data', dataFolder: '/data', user: { uid: 1000, gid: 1000 } },
  ...{ namespaceOf: tenant => tenant, queueOf: tenant => tenant }
};
const request: JobStart = {
  ...{ tenant: 'alpha', jobId: newId(), attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code: '', arguments: [], environment: {} },
  ...{ token: 'none', mounts: [], outputs: [], perProcess: { cpu: 1, memoryMiB: 64, gpu: 0 } }
};

test('many jobs that start at once ask for the queues once; a queue that has just come to be is seen', async () => {
  const queues: QueueState[] = [{ metadata: { name: 'alpha' }, status: { state: 'Open' } }];
  let lists = 0;
  const list = async <T>(): Promise<readonly T[]> => {
    lists += 1;
    return unsafeQueues<T>([...queues]);
  };
  const check = createQueueCheck({ list });
  for (let job = 0; job < 20; job += 1) await check(request, site);
  expect(lists).toBe(1);
  await expect(check({ ...request, tenant: 'beta' }, site)).rejects.toMatchObject({ code: 'invalid-state', details: { detail: "The cluster has no queue 'beta'." } });
  queues.push({ metadata: { name: 'beta' }, status: { state: 'Open' } });
  await check({ ...request, tenant: 'beta' }, site);
  expect(lists).toBe(3);
});

/** The only kind that is asked for here. */
function unsafeQueues<T>(queues: readonly QueueState[]): readonly T[] {
  return queues as readonly unknown[] as readonly T[];
}
