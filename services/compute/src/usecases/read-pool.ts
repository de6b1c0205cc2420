import type { Pool, Resources } from '@stratalab/contracts/compute';
import { decodeCursor, pageOf, type JobPool } from '@stratalab/kernel';
import { machinePool, nodeView, poolSums } from '../domain/pool-view.ts';
import { holdsOf, holdsSlots } from '../domain/queue-view.ts';
import { readActive, readUsualSize } from '../store/job-store.ts';
import type { QueueParts } from './read-queue.ts';

export interface PoolQuery {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly cpu?: number | undefined;
  readonly memoryMiB?: number | undefined;
  readonly gpu?: number | undefined;
}

const defaultLimit = 50;
const smallJob: Resources = { cpu: 1, memoryMiB: 1024, gpu: 0 };

/** The machines behind the queue, for administrators of the installation; nodes by name, page by page. */
export async function getPool(parts: Omit<QueueParts, 'clientFor'>, query: PoolQuery): Promise<Pool> {
  const after = decodeCursor(query.cursor, 1)?.[0];
  const pool = (await parts.runtime.pool?.()) ?? (await thisMachine(parts));
  const usual = (await parts.database.asSystem('look for the usual size', readUsualSize)) ?? smallJob;
  const ask = { cpu: query.cpu ?? usual.cpu, memoryMiB: query.memoryMiB ?? usual.memoryMiB, gpu: query.gpu ?? usual.gpu };
  const limit = query.limit ?? defaultLimit;
  const nodes = pool.nodes.filter(({ name }) => after === undefined || name > String(after)).slice(0, limit + 1);
  return { ...poolSums(pool, ask), ...pageOf(nodes, limit, { item: node => nodeView(node, ask, pool.overheadMiB), key: ({ name }) => [name] }) };
}

async function thisMachine({ runtime, database, clock }: Omit<QueueParts, 'clientFor'>): Promise<JobPool> {
  const rows = await database.asSystem('look at the machine', readActive);
  const jobs = rows.map(row => ({ tenant: row.tenant, processes: row.spec.processes, holds: holdsOf(row), isWaiting: !holdsSlots(row) }));
  return machinePool(await runtime.capacity(), jobs, clock.now().toISOString());
}
