import type { Origin, RunState } from '@stratalab/contracts/models';
import type { Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type ModelsTables } from './tables.ts';

export type RunRow = Selectable<ModelsTables['models.run']>;

export async function findRun(tx: Tx, tenant: string, id: string): Promise<RunRow | undefined> {
  return tables(tx).selectFrom('models.run').selectAll().where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst();
}

export interface NewRun {
  readonly tenant: string;
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly createdBy: string;
  readonly startedMs: number;
  readonly origin: Origin;
}

/** Adds a running run and marks its experiment as used. */
export async function insertRun(tx: Tx, run: NewRun): Promise<RunRow> {
  await tables(tx)
    .updateTable('models.experiment')
    .set({ last_run_at: sql<string>`now()` })
    .where('tenant', '=', run.tenant)
    .where('id', '=', run.experimentId)
    .execute();
  return tables(tx)
    .insertInto('models.run')
    .values({
      tenant: run.tenant,
      id: run.id,
      experiment_id: run.experimentId,
      name: run.name,
      state: 'running',
      created_by: run.createdBy,
      started_ms: run.startedMs,
      ended_ms: null,
      origin: JSON.stringify(run.origin)
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export interface RunChange {
  readonly state?: RunState | undefined;
  readonly endedMs?: number | null | undefined;
  readonly name?: string | undefined;
  readonly isDeleted?: boolean | undefined;
  readonly origin?: Origin | undefined;
}

/** Changes what is given; `undefined` when there is no such run. */
export async function updateRun(tx: Tx, tenant: string, id: string, change: RunChange): Promise<RunRow | undefined> {
  return tables(tx)
    .updateTable('models.run')
    .set({
      tenant,
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.endedMs === undefined ? {} : { ended_ms: change.endedMs }),
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.isDeleted === undefined ? {} : { is_deleted: change.isDeleted }),
      ...(change.origin === undefined ? {} : { origin: JSON.stringify(change.origin) })
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** Runs of one job that do not know the job's code and data yet. */
export async function findRunsOfJob(tx: Tx, tenant: string, jobUrn: string): Promise<readonly RunRow[]> {
  return tables(tx)
    .selectFrom('models.run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where(sql<boolean>`origin ->> 'jobUrn' = ${jobUrn}`)
    .execute();
}
