import { formatUrn } from '@stratalab/contracts';
import type { PipelineRun, RunState, RunSummary, RunTrigger } from '@stratalab/contracts/pipelines';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import type { Plan } from '../domain/plan.ts';
import { listSteps, stepOf, type StepRow } from './step-store.ts';
import { tables, type PipelinesTables } from './tables.ts';

export type RunRow = Selectable<PipelinesTables['pipelines.run']>;

export interface NewRun {
  readonly id: string;
  readonly tenant: string;
  readonly pipelineId: string;
  readonly pipelineName: string;
  readonly version: number;
  readonly plan: Plan;
  readonly trigger: RunTrigger;
  readonly logicalDate?: string;
  readonly rerunOf?: string;
  readonly createdBy: string;
  /** Steps of an earlier run whose outputs are used again. */
  readonly reused?: ReadonlyMap<string, StepRow>;
}

/** Adds a run with its steps; `false` when the slot of a schedule has its run already. */
export async function insertRun(tx: Tx, run: NewRun): Promise<boolean> {
  const inserted = await tables(tx)
    .insertInto('pipelines.run')
    .values({
      id: run.id,
      tenant: run.tenant,
      pipeline_id: run.pipelineId,
      pipeline_name: run.pipelineName,
      version: run.version,
      trigger: run.trigger,
      logical_date: run.logicalDate ?? null,
      rerun_of: run.rerunOf ?? null,
      state: 'queued',
      wait_reason: null,
      created_by: run.createdBy
    })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  if (Number(inserted.numInsertedOrUpdatedRows ?? 0n) === 0) return false;
  const steps = run.plan.steps.map((step, rank) => {
    const kept = run.reused?.get(step.name);
    const outcome =
      kept === undefined
        ? { state: 'waiting' as const, inputs: '[]' }
        : {
            state: 'succeeded' as const,
            inputs: JSON.stringify(kept.inputs),
            output_version: kept.output_version,
            output_urn: kept.output_urn,
            row_count: kept.row_count,
            reused_from_run: kept.reused_from_run ?? kept.run_id,
            started_at: kept.started_at,
            finished_at: kept.finished_at
          };
    return { tenant: run.tenant, run_id: run.id, name: step.name, rank, max_attempts: step.maxAttempts, output_dataset: step.output, ...outcome };
  });
  for (const step of steps) await tables(tx).insertInto('pipelines.run_step').values(step).execute();
  return true;
}

export async function findRunRow(tx: Tx, id: string): Promise<RunRow | undefined> {
  return tables(tx).selectFrom('pipelines.run').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function lockRunRow(tx: Tx, id: string): Promise<RunRow | undefined> {
  return tables(tx).selectFrom('pipelines.run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function readRun(tx: Tx, row: RunRow): Promise<PipelineRun> {
  const steps = await listSteps(tx, row.id);
  const counts = { stepCount: steps.length, stepsDone: steps.filter(({ state }) => state === 'succeeded').length };
  return { ...summaryOf({ ...row, ...counts }), rerunOf: row.rerun_of, steps: steps.map(stepOf) };
}

export async function listRunPage(
  tx: Tx,
  request: { readonly tenant: string; readonly pipeline?: string | undefined; readonly state?: RunState | undefined; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: RunSummary[]; nextCursor: string | null }> {
  const before = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('pipelines.run as r')
    .selectAll('r')
    .select(eb => [
      eb
        .selectFrom('pipelines.run_step as s')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('s.run_id', '=', 'r.id')
        .as('stepCount'),
      eb
        .selectFrom('pipelines.run_step as s')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('s.run_id', '=', 'r.id')
        .where('s.state', '=', 'succeeded')
        .as('stepsDone')
    ])
    .where('r.tenant', '=', request.tenant)
    .orderBy('r.id', 'desc')
    .limit(request.limit + 1);
  if (request.pipeline !== undefined) query = query.where('r.pipeline_name', '=', request.pipeline);
  if (request.state !== undefined) query = query.where('r.state', '=', request.state);
  if (before !== undefined) query = query.where('r.id', '<', String(before));
  return pageOf(await query.execute(), request.limit, { item: row => summaryOf({ ...row, stepCount: row.stepCount ?? 0, stepsDone: row.stepsDone ?? 0 }), key: row => [row.id] });
}

/** Living runs of the same pipeline that were asked for before this one. */
export async function countRunsBefore(tx: Tx, run: RunRow): Promise<number> {
  const row = await tables(tx)
    .selectFrom('pipelines.run')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('pipeline_id', '=', run.pipeline_id)
    .where('state', 'in', ['queued', 'running'])
    .where('id', '<', run.id)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function listLivingRuns(tx: Tx, pipelineId?: string): Promise<readonly { readonly id: string; readonly tenant: string }[]> {
  let query = tables(tx).selectFrom('pipelines.run').select(['id', 'tenant']).where('state', 'in', ['queued', 'running']).orderBy('id');
  if (pipelineId !== undefined) query = query.where('pipeline_id', '=', pipelineId);
  return query.execute();
}

export async function listLivingRunsOf(tx: Tx, tenant: string): Promise<readonly RunRow[]> {
  return tables(tx).selectFrom('pipelines.run').selectAll().where('tenant', '=', tenant).where('state', 'in', ['queued', 'running']).orderBy('id').execute();
}

export async function setRun(
  tx: Tx,
  id: string,
  change: { readonly state?: RunState; readonly waitReason?: string | null; readonly isCancelRequested?: boolean; readonly isStarted?: boolean; readonly isFinished?: boolean }
): Promise<RunRow> {
  return tables(tx)
    .updateTable('pipelines.run')
    .set({
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.waitReason === undefined ? {} : { wait_reason: change.waitReason }),
      ...(change.isCancelRequested === undefined ? {} : { is_cancel_requested: change.isCancelRequested }),
      ...(change.isStarted === true ? { started_at: sql<string>`now()` } : {}),
      ...(change.isFinished === true ? { finished_at: sql<string>`now()` } : {})
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function runUrnOf(run: { readonly tenant: string; readonly id: string }): string {
  return formatUrn({ tenant: run.tenant, kind: 'pipeline-run', name: run.id });
}

function summaryOf(row: RunRow & { readonly stepCount: number; readonly stepsDone: number }): RunSummary {
  return {
    id: row.id,
    urn: runUrnOf(row),
    pipeline: row.pipeline_name,
    version: row.version,
    trigger: row.trigger,
    logicalDate: row.logical_date,
    state: row.state,
    waitReason: row.wait_reason,
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    stepCount: row.stepCount,
    stepsDone: row.stepsDone
  };
}
