import type { Actor, Database, ObjectStore, StorageQuota, Tx } from '@stratalab/kernel';
import type { Permission } from '@stratalab/contracts';
import type { RunChange } from '../announce-run.ts';
import type { FindJob } from '../usecases/origin.ts';
import type { Input } from './input.ts';

/** One request of an MLflow client, authenticated and allowed. */
export interface SurfaceCall {
  readonly actor: Actor;
  readonly tenant: string;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly storage: StorageQuota;
  readonly findJob: FindJob;
  /** Tells screens, at most once a second per run, that a run has new values. */
  readonly announce: (change: RunChange) => void;
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction; with its audit row when the operation declares an audited action. */
  write<T>(work: (tx: Tx) => Promise<T>, target?: (result: T) => string): Promise<T>;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/2.0/mlflow/`; `:name` parts arrive in the input. */
  readonly path: string;
  readonly permission: Permission;
  /** Action in the audit log; absent for reading and for the stream of values that runs write. */
  readonly audit?: string;
  /** Largest body in bytes; 2 MB unless given. */
  readonly bodyLimitBytes?: number;
  readonly run: (call: SurfaceCall, input: Input) => Promise<object>;
}
