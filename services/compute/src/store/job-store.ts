import type { JobState, JobSummary, Resources } from '@stratalab/contracts/compute';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Insertable, type Updateable } from 'kysely';
import { summaryOf } from '../domain/job-view.ts';
import { isHeld } from '../domain/queue-view.ts';
import type { QueueRow } from '../domain/queue-row.ts';
import { tables, type ComputeTables, type JobRow } from './tables.ts';

export const activeStates = ['queued', 'starting', 'running'] as const satisfies readonly JobState[];
const finalStates = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly JobState[];

export async function insertJob(tx: Tx, row: Insertable<ComputeTables['compute.job']>): Promise<JobRow> {
  return tables(tx).insertInto('compute.job').values(row).returningAll().executeTakeFirstOrThrow();
}

export async function findJob(tx: Tx, tenant: string, id: string): Promise<JobRow | undefined> {
  return tables(tx).selectFrom('compute.job').selectAll().where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst();
}

/** Locks the row until the transaction ends. */
export async function lockJob(tx: Tx, tenant: string, id: string): Promise<JobRow | undefined> {
  return tables(tx).selectFrom('compute.job').selectAll().where('tenant', '=', tenant).where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateJob(tx: Tx, id: string, change: Updateable<ComputeTables['compute.job']>): Promise<JobRow> {
  return tables(tx).updateTable('compute.job').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

export async function removeJob(tx: Tx, id: string): Promise<void> {
  await tables(tx).deleteFrom('compute.job').where('id', '=', id).execute();
}

export interface JobQuery {
  readonly tenant: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly createdBy?: string | undefined;
  readonly state?: JobState | undefined;
  readonly activity?: 'active' | 'finished' | undefined;
  readonly search?: string | undefined;
}

/** Newest first: ids grow with time. */
export async function listJobPage(tx: Tx, query: JobQuery): Promise<{ items: JobSummary[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 1)?.[0];
  const { createdBy, state, activity, search } = query;
  let rows = tables(tx).selectFrom('compute.job').selectAll().where('tenant', '=', query.tenant);
  if (after !== undefined) rows = rows.where('id', '<', String(after));
  if (createdBy !== undefined) rows = rows.where('created_by', '=', createdBy);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (activity !== undefined) rows = rows.where('state', 'in', activity === 'active' ? activeStates : finalStates);
  if (search !== undefined) rows = rows.where(sql<boolean>`position(lower(${search}) in lower(name)) > 0`);
  const found = await rows
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  const places = await readHeldPlaces(tx, query.tenant, found.filter(isHeld));
  return pageOf(found, query.limit, { item: row => summaryOf({ ...row, place: places.get(row.id) ?? row.place }), key: row => [row.id] });
}

const queueColumns = [
  ...(['id', 'tenant', 'name', 'created_by', 'created_at', 'started_at', 'handed_at', 'priority', 'cpu', 'memory_mib', 'gpu', 'state'] as const),
  ...(['not_before', 'wait_reason', 'place', 'smaller_ask', 'gpu_devices'] as const)
] as const;

/** Every job that waits or holds slots, of all tenants the transaction sees. */
export async function readActive(tx: Tx, states: readonly JobState[] = activeStates): Promise<readonly QueueRow[]> {
  const shape = sql<QueueRow['spec']>`jsonb_build_object('processes', spec->'processes', 'resourcesPerProcess', spec->'resourcesPerProcess')`.as('spec');
  return tables(tx).selectFrom('compute.job').select(queueColumns).select(shape).where('state', 'in', states).orderBy('id').execute();
}

/** Whether any job, of all tenants the transaction sees, waits for slots. */
export async function hasQueued(tx: Tx): Promise<boolean> {
  return (await tables(tx).selectFrom('compute.job').select('id').where('state', '=', 'queued').limit(1).executeTakeFirst()) !== undefined;
}

/** Jobs of a tenant that the queue of the cluster holds back, as `isHeld` says it of a row. */
function heldJobs(tx: Tx, tenant: string) {
  return tables(tx).selectFrom('compute.job').where('tenant', '=', tenant).where('state', '=', 'starting').where('wait_reason', 'is not', null);
}

/** Places of some of them, by id: who came before a job meanwhile is not written down for each that is behind. */
async function readHeldPlaces(tx: Tx, tenant: string, held: readonly { readonly id: string }[]): Promise<ReadonlyMap<string, number>> {
  if (held.length === 0) return new Map();
  const place = sql<number>`row_number() over (order by -priority, coalesce(handed_at, created_at), id)::int`.as('place');
  const rows = await tables(tx)
    .selectFrom(heldJobs(tx, tenant).select(['id', place]).as('placed'))
    .select(['id', 'place'])
    .where(
      'id',
      'in',
      held.map(({ id }) => id)
    )
    .execute();
  return new Map(rows.map(row => [row.id, row.place]));
}

/** How many jobs of the tenant wait before this one in the queue of the cluster. */
export async function countHeldBefore(tx: Tx, job: Pick<JobRow, 'tenant' | 'id' | 'priority' | 'created_at' | 'handed_at'>): Promise<number> {
  const { count } = await heldJobs(tx, job.tenant)
    .select(sql<number>`count(*)::int`.as('count'))
    .where('id', '<>', job.id)
    .where(sql<boolean>`(-priority, coalesce(handed_at, created_at), id) < (${-job.priority}, ${job.handed_at ?? job.created_at}::timestamptz, ${job.id})`)
    .executeTakeFirstOrThrow();
  return count;
}

const lookedAt = 200;

/** The size of a process that was asked for most among the jobs of late, of all tenants. */
export async function readUsualSize(tx: Tx): Promise<Resources | undefined> {
  const { rows } = await sql<{ each: Resources }>`
    select each from (select spec->'resourcesPerProcess' as each from compute.job order by id desc limit ${lookedAt}) recent
    group by each order by count(*) desc, each limit 1`.execute(tx);
  return rows[0]?.each;
}

/** One planner at a time takes slots, in whichever process it runs. */
export async function lockSlots(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('compute.slots'))`.execute(tx);
}
