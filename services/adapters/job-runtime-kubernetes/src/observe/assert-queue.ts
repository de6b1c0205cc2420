import type { JobStart } from '@stratalab/kernel';
import type { ClusterClient } from '../cluster-client.ts';
import { defaultGpuResource, type Site } from '../site.ts';
import type { QueueState } from './cluster-objects.ts';
import { assertQueueTakes } from './queue-fit.ts';

/** Looks, before anything is made, whether the queue of the tenant takes the job. @throws invalid-state, quota-exceeded */
export async function assertQueue(client: ClusterClient, site: Site, request: JobStart): Promise<void> {
  const name = site.queueOf(request.tenant);
  const queues = await client.list<QueueState>('scheduling.volcano.sh/v1beta1', 'Queue');
  const children = queues.filter(queue => queue.spec?.parent === name).flatMap(({ metadata }) => metadata?.name ?? []);
  const gpu = request.perProcess.gpu > 0 ? [site.gpuResource ?? defaultGpuResource] : [];
  const queue = queues.find(({ metadata }) => metadata?.name === name);
  assertQueueTakes(name, queue, children, ['cpu', 'memory', ...gpu]);
}
