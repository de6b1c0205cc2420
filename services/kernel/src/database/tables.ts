import type { ColumnType, Generated } from 'kysely';

/** timestamptz: RFC 3339 text in UTC when read (see database-postgres), text or now() when written. */
export type TimestampColumn = ColumnType<string, string | undefined, string>;
export type NullableTimestampColumn = ColumnType<string | null, string | null | undefined, string | null>;
/** jsonb: parsed when read, JSON text when written. */
export type JsonColumn<T> = ColumnType<T, string, string>;

/** Tables every service may write in its own transaction; schema `kernel`. */
export interface KernelTables {
  'kernel.event': {
    id: string;
    position: ColumnType<number | null, never, number | null>;
    name: string;
    tenant: string;
    subject: string | null;
    urn: string;
    data: JsonColumn<Record<string, unknown>>;
    time: TimestampColumn;
  };
  'kernel.subscription': { consumer: string; position: number; failures: number; last_error: string | null; retry_at: NullableTimestampColumn };
  'kernel.dead_letter': { consumer: string; event_id: string; error: string; time: TimestampColumn };
  'kernel.idempotency': {
    tenant: string;
    subject: string;
    key: string;
    operation: string;
    request_digest: string;
    status: number;
    response: JsonColumn<unknown>;
    time: TimestampColumn;
  };
  'kernel.audit': {
    position: Generated<number>;
    tenant: string;
    subject: string;
    on_behalf_of: string | null;
    via: string;
    credential_id: string | null;
    action: string;
    operation: string;
    target: string;
    decision: string;
    reason: string | null;
    request_id: string;
    time: TimestampColumn;
    previous_hash: string;
    hash: string;
  };
  'kernel.reconcile_item': {
    kind: string;
    object_id: string;
    tenant: string;
    due_at: TimestampColumn;
    attempt: number;
    lease_owner: string | null;
    lease_until: NullableTimestampColumn;
    fence: number;
    last_error: string | null;
  };
}
