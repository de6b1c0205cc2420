import type { RunProblem, RunStep, StepState } from '@stratalab/contracts/pipelines';
import type { Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type PipelinesTables } from './tables.ts';

export type StepRow = Selectable<PipelinesTables['pipelines.run_step']>;

export async function listSteps(tx: Tx, runId: string): Promise<readonly StepRow[]> {
  return tables(tx).selectFrom('pipelines.run_step').selectAll().where('run_id', '=', runId).orderBy('rank').execute();
}

/** Steps that run although nobody said so for `silenceMs`, by the clock of the database. */
export async function listAbandoned(tx: Tx, runId: string, silenceMs: number): Promise<readonly string[]> {
  const rows = await tables(tx)
    .selectFrom('pipelines.run_step')
    .select('name')
    .where('run_id', '=', runId)
    .where('state', '=', 'running')
    .where(sql<boolean>`(heartbeat_at is null or heartbeat_at < now() - make_interval(secs => ${silenceMs / 1000}))`)
    .execute();
  return rows.map(({ name }) => name);
}

/** Begins an attempt: from now on only the holder of `claim` may write the outcome of the step. */
export async function claimStep(tx: Tx, step: StepRow, claim: { readonly claim: string; readonly stagingId: string }): Promise<StepRow> {
  return tables(tx)
    .updateTable('pipelines.run_step')
    .set({
      state: 'running',
      attempt: step.attempt + 1,
      claim: claim.claim,
      staging_id: claim.stagingId,
      heartbeat_at: sql<string>`now()`,
      started_at: step.started_at ?? sql<string>`now()`,
      retry_at: null,
      problem: null
    })
    .where('run_id', '=', step.run_id)
    .where('name', '=', step.name)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Says that the holder is alive; `false` when the step was taken over or its run cancelled. */
export async function beat(tx: Tx, step: StepRow): Promise<boolean> {
  const result = await held(tx, step)
    .set({ heartbeat_at: sql<string>`now()` })
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

export async function noteInputs(tx: Tx, step: StepRow, inputs: readonly string[]): Promise<void> {
  await held(tx, step)
    .set({ inputs: JSON.stringify(inputs) })
    .execute();
}

export interface StepOutcome {
  readonly state: Extract<StepState, 'succeeded' | 'failed' | 'waiting'>;
  readonly output?: { readonly version: string; readonly urn: string; readonly rowCount: number };
  readonly problem?: RunProblem;
  /** The failure counts against the attempts. */
  readonly isFailure?: boolean;
  readonly retryAt?: string;
}

/** Writes how an attempt ended; `false` when the step is not the holder's any more: then nothing is written. */
export async function endAttempt(tx: Tx, step: StepRow, outcome: StepOutcome): Promise<boolean> {
  const result = await held(tx, step)
    .set({
      state: outcome.state,
      claim: null,
      heartbeat_at: null,
      retry_at: outcome.retryAt ?? null,
      problem: outcome.problem === undefined ? null : JSON.stringify(outcome.problem),
      ...(outcome.isFailure === true ? { failures: step.failures + 1 } : {}),
      ...(outcome.state === 'waiting' ? {} : { finished_at: sql<string>`now()` }),
      ...(outcome.output === undefined ? {} : { output_version: outcome.output.version, output_urn: outcome.output.urn, row_count: outcome.output.rowCount })
    })
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

/** Ends steps without an attempt; whoever works on one finds its claim gone. */
export async function endSteps(tx: Tx, runId: string, change: { readonly names: readonly string[]; readonly state: 'skipped' | 'cancelled' }): Promise<void> {
  if (change.names.length === 0) return;
  await tables(tx)
    .updateTable('pipelines.run_step')
    .set({ state: change.state, claim: null, retry_at: null, finished_at: sql<string>`now()` })
    .where('run_id', '=', runId)
    .where('name', 'in', [...change.names])
    .execute();
}

export function stepOf(row: StepRow): RunStep {
  return {
    name: row.name,
    state: row.state,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    retryAt: row.retry_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    inputs: [...row.inputs],
    output: { dataset: row.output_dataset, version: row.output_version, urn: row.output_urn, rowCount: row.row_count },
    reusedFromRun: row.reused_from_run,
    problem: row.problem
  };
}

function held(tx: Tx, step: StepRow) {
  return tables(tx).updateTable('pipelines.run_step').where('run_id', '=', step.run_id).where('name', '=', step.name).where('claim', '=', step.claim);
}
