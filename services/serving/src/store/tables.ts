import type { NullableTimestampColumn, TimestampColumn, Tx } from '@stratalab/kernel';
import type { Condition } from '@stratalab/contracts';
import type { DeploymentState, ReplicaPhase } from '@stratalab/contracts/serving';
import type { ColumnType, Generated } from 'kysely';

export type ServingTables = {
  'serving.deployment': {
    id: string;
    tenant: string;
    name: string;
    kind: 'chat' | 'predict';
    model_name: string;
    model_version: number;
    model_alias: string | null;
    model_urn: string;
    format: string;
    folder: string;
    entry_file: string | null;
    size_bytes: number;
    context_tokens: number | null;
    parallel: number;
    cpu: number;
    memory_mib: number;
    wanted_replicas: number;
    revision: Generated<number>;
    generation: Generated<number>;
    is_stopped: Generated<boolean>;
    is_deleted: Generated<boolean>;
    created_by: string;
    created_at: TimestampColumn;
    updated_at: TimestampColumn;
    state: ColumnType<DeploymentState, DeploymentState | undefined, DeploymentState>;
    message: Generated<string>;
    observed_generation: Generated<number>;
    ready_replicas: Generated<number>;
    conditions: ColumnType<readonly Condition[], string | undefined, string>;
  };
  'serving.replica': {
    id: string;
    tenant: string;
    deployment_id: string;
    index: number;
    revision: number;
    phase: ReplicaPhase;
    message: string;
    restarts: Generated<number>;
    started_at: NullableTimestampColumn;
    ready_at: NullableTimestampColumn;
    next_start_at: TimestampColumn;
    draining_since: NullableTimestampColumn;
  };
  'serving.token_day': { tenant: string; day: string; taken: Generated<number> };
  'serving.usage': {
    id: string;
    tenant: string;
    deployment_name: string;
    subject: string;
    day: string;
    requests: number;
    input_tokens: number;
    output_tokens: number;
    from_time: TimestampColumn;
    to_time: TimestampColumn;
    is_reported: Generated<boolean>;
  };
};

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<ServingTables>();
}
