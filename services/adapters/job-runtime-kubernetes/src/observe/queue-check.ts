import { Problem } from '@stratalab/contracts';
import type { JobStart } from '@stratalab/kernel';
import type { ClusterClient } from '../cluster-client.ts';
import { kept } from '../pool/kept.ts';
import { defaultGpuResource, type Site } from '../site.ts';
import type { QueueState } from './cluster-objects.ts';
import { assertQueueTakes } from './queue-fit.ts';

/** Many jobs that start at once ask for the queues once; who is refused by what was read is refused by what is true now. */
const freshMs = 1_000;

/** Looks, before anything is made, whether the queue of the tenant takes the job. The look throws invalid-state and quota-exceeded. */
export function createQueueCheck(client: Pick<ClusterClient, 'list'>): (request: JobStart, site: Site) => Promise<void> {
  const read = (): Promise<readonly QueueState[]> => client.list<QueueState>('scheduling.volcano.sh/v1beta1', 'Queue');
  const readOften = kept(read, { freshMs });
  return async (request, site) => {
    try {
      assertTakes(await readOften(), site, request);
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'unavailable') throw error;
      assertTakes(await read(), site, request);
    }
  };
}

function assertTakes(queues: readonly QueueState[], site: Site, request: JobStart): void {
  const name = site.queueOf(request.tenant);
  const children = queues.filter(queue => queue.spec?.parent === name).flatMap(({ metadata }) => metadata?.name ?? []);
  const gpu = request.perProcess.gpu > 0 ? [site.gpuResource ?? defaultGpuResource] : [];
  const queue = queues.find(({ metadata }) => metadata?.name === name);
  assertQueueTakes(name, queue, children, ['cpu', 'memory', ...gpu]);
}
