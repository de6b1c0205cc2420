import type { Tx } from '../database/database.ts';
import type { Logger } from '../telemetry/log.ts';

/** What one step of a reconciler is given. */
export interface ReconcileContext {
  readonly id: string;
  readonly tenant: string;
  /** Aborts when the lease is about to end or the process stops. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Reads with the object's tenant. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Writes, after checking in the same transaction that this step still holds the lease.
   * @throws StaleLease when another process took over: its view is newer, ours is dropped
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface ReconcileResult {
  /** Look again after this time; absent means: only when woken or at the next resync. */
  readonly requeueAfterMs?: number;
  /** The object is gone or needs no more looks. */
  readonly isDone?: boolean;
}

/**
 * Drives objects of one kind from their spec to their observed state: observe, compare, one step.
 * Level-triggered: `reconcile` re-reads everything and takes no event data; a missed or doubled wake-up does no harm.
 */
export interface Reconciler {
  /** Kind of object; also the name in metrics and leases. */
  readonly kind: string;
  readonly reconcile: (context: ReconcileContext) => Promise<ReconcileResult>;
  /** Objects that must be looked at now and then even if nobody wakes them; called every `resyncMs`. */
  readonly list?: (tx: Tx) => Promise<readonly { readonly id: string; readonly tenant: string }[]>;
  readonly resyncMs?: number;
  /** Steps of this kind in flight at once in this process; 4 unless given. */
  readonly concurrency?: number;
  /** How long one step may take; 60 s unless given. */
  readonly leaseMs?: number;
}

/** Thrown by `write` when the lease was lost; the loop drops the step silently. */
export class StaleLease extends Error {
  constructor(kind: string, id: string) {
    super(`The lease of ${kind} ${id} was taken over.`);
    this.name = 'StaleLease';
  }
}
