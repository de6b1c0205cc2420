import type { JobInput, JobState, Progress, SmallerAsk } from '@stratalab/contracts/compute';
import type { JsonColumn, NullableTimestampColumn, TimestampColumn, Tx } from '@stratalab/kernel';
import type { ColumnType, Generated, Selectable } from 'kysely';
import type { JobOutput, JobSpec } from '../domain/job-spec.ts';

interface JobTable {
  id: string;
  tenant: string;
  name: string;
  created_by: string;
  created_at: TimestampColumn;
  spec: JsonColumn<JobSpec>;
  code_sha256: string;
  priority: number;
  cpu: number;
  memory_mib: number;
  gpu: number;
  retry_of: string | null;
  state: Generated<JobState>;
  attempt: Generated<number>;
  not_before: NullableTimestampColumn;
  wait_reason: string | null;
  place: number | null;
  smaller_ask: ColumnType<SmallerAsk | null, string | null | undefined, string | null>;
  cancel_requested_at: NullableTimestampColumn;
  cancelled_by: string | null;
  reason: string | null;
  exit_code: number | null;
  started_at: NullableTimestampColumn;
  attempt_started_at: NullableTimestampColumn;
  handed_at: NullableTimestampColumn;
  finished_at: NullableTimestampColumn;
  gpu_devices: ColumnType<readonly number[], string | undefined, string>;
  outputs: JsonColumn<readonly JobOutput[]>;
  progress: ColumnType<Progress | null, string | null | undefined, string | null>;
  log_offset: Generated<number>;
  metric_step: Generated<number>;
  key_id: string | null;
  usage_until: NullableTimestampColumn;
  is_tidy: Generated<boolean>;
}

export type ComputeTables = {
  'compute.job': JobTable;
  'compute.metric': { tenant: string; job: string; name: string; step: number; value: number; time: TimestampColumn };
  'compute.template': { tenant: string; name: string; description: string; is_sample: boolean; created_by: string; updated_at: TimestampColumn; job: JsonColumn<JobInput> };
};

export type JobRow = Selectable<JobTable>;

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<ComputeTables>();
}
