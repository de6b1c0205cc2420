import type { PipelineDocument, RunProblem, RunState, RunTrigger, StepState } from '@stratalab/contracts/pipelines';
import type { JsonColumn, NullableTimestampColumn, TimestampColumn, Tx } from '@stratalab/kernel';
import type { Generated } from 'kysely';
import type { Plan } from '../domain/plan.ts';

export type PipelinesTables = {
  'pipelines.pipeline': {
    id: string;
    tenant: string;
    name: string;
    description: string;
    version: number;
    cron: string | null;
    time_zone: string | null;
    catch_up: boolean;
    concurrency: number;
    is_paused: Generated<boolean>;
    is_sample: Generated<boolean>;
    next_run_at: NullableTimestampColumn;
    created_by: string;
    created_at: TimestampColumn;
    updated_at: TimestampColumn;
  };
  'pipelines.pipeline_version': {
    tenant: string;
    pipeline_id: string;
    version: number;
    document: string;
    definition: JsonColumn<PipelineDocument>;
    plan: JsonColumn<Plan>;
    note: string | null;
    created_by: string;
    created_at: TimestampColumn;
  };
  'pipelines.run': {
    id: string;
    tenant: string;
    pipeline_id: string;
    pipeline_name: string;
    version: number;
    trigger: RunTrigger;
    logical_date: NullableTimestampColumn;
    rerun_of: string | null;
    state: RunState;
    wait_reason: string | null;
    is_cancel_requested: Generated<boolean>;
    created_by: string;
    created_at: TimestampColumn;
    started_at: NullableTimestampColumn;
    finished_at: NullableTimestampColumn;
  };
  'pipelines.run_step': {
    tenant: string;
    run_id: string;
    name: string;
    rank: number;
    state: StepState;
    attempt: Generated<number>;
    max_attempts: number;
    failures: Generated<number>;
    retry_at: NullableTimestampColumn;
    claim: string | null;
    heartbeat_at: NullableTimestampColumn;
    staging_id: string | null;
    inputs: JsonColumn<readonly string[]>;
    output_dataset: string;
    output_version: string | null;
    output_urn: string | null;
    row_count: number | null;
    reused_from_run: string | null;
    problem: JsonColumn<RunProblem> | null;
    started_at: NullableTimestampColumn;
    finished_at: NullableTimestampColumn;
  };
  'pipelines.run_log': {
    tenant: string;
    run_id: string;
    position: Generated<number>;
    time: TimestampColumn;
    step: string | null;
    attempt: number | null;
    level: 'info' | 'error';
    text: string;
  };
};

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<PipelinesTables>();
}
