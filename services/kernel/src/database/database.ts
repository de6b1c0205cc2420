import type { Transaction } from 'kysely';
import type { KernelTables } from './tables.ts';

/** A transaction; services see their own tables by `tx.withTables<TheirTables>()`. */
export type Tx = Transaction<KernelTables>;

export interface TenantScope {
  /** Row-level security shows and accepts rows of this tenant only. */
  readonly tenant: string;
  readonly isReadOnly?: boolean;
}

/** The one database of the platform. Use cases never get an outer handle: every query runs in a scoped transaction. */
export interface Database {
  /**
   * Runs `work` in one transaction that sees one tenant. Serialization failures and deadlocks are retried, so `work` must have no other effect.
   * @throws unavailable when the database cannot be reached
   */
  inTenant<T>(scope: TenantScope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As `inTenant` without a tenant: for reconcilers, the event log and installation-wide tables. `reason` goes to the log. */
  asSystem<T>(reason: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Calls `onNotify` for every NOTIFY on `channel` until `signal` aborts. Reconnects by itself and calls once after every
   * (re)connection, because notifications sent meanwhile are lost.
   */
  listen(channel: string, onNotify: (payload: string) => void, signal: AbortSignal): void;
  /** Applies the SQL files of one folder that were not applied yet, in order, each in its own transaction. */
  migrate(service: string, folder: URL): Promise<readonly string[]>;
  /** Answers within a second or throws `unavailable`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
