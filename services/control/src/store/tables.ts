import type { Role } from '@stratalab/contracts';
import type { PlaceRepair, Profile } from '@stratalab/contracts/control';
import type { JsonColumn, NullableTimestampColumn, TimestampColumn, Tx } from '@stratalab/kernel';

type ProfilePlacementColumns = {
  tenants: JsonColumn<NonNullable<Profile['tenants']>> | null;
  gpu_resource: string | null;
  node_selector: JsonColumn<Profile['nodeSelector']>;
  tolerations: JsonColumn<Profile['tolerations']>;
  images: JsonColumn<Profile['images']>;
};

export type ControlTables = {
  'control.tenant': { name: string; display_name: string; is_sample: boolean; state: 'active' | 'closed' | 'deleting'; created_at: TimestampColumn };
  'control.quota': { tenant: string; resource: string; limit: number | null; used: number; reserved: number };
  'control.reservation': {
    id: string;
    tenant: string;
    object_urn: string;
    amounts: JsonColumn<Record<string, number>>;
    state: 'held' | 'confirmed';
    expires_at: NullableTimestampColumn;
    created_at: TimestampColumn;
  };
  'control.profile': {
    name: string;
    display_name: string;
    description: string;
    cpu: number;
    memory_mib: number;
    gpu_count: number;
    is_default: boolean;
    rank: number;
  } & ProfilePlacementColumns;
  'control.access_key': {
    id: string;
    tenant: string;
    name: string;
    kind: 'access-key' | 'job-token';
    digest: string;
    hint: string;
    created_by: string;
    role: string;
    scopes: JsonColumn<readonly string[]>;
    job_id: string | null;
    created_at: TimestampColumn;
    expires_at: NullableTimestampColumn;
    last_used_at: NullableTimestampColumn;
    revoked_at: NullableTimestampColumn;
  };
  'control.promotion': {
    tenant: string;
    id: string;
    source: string;
    state: 'receiving' | 'promoted';
    manifest_sha256: string;
    manifest_bytes: number;
    file_count: number;
    size_bytes: number;
    tables: JsonColumn<readonly { readonly name: string; readonly rows: number }[]>;
    begun_by: string;
    begun_at: TimestampColumn;
    promoted_at: NullableTimestampColumn;
  };
  'control.closed_member': { tenant: string; subject: string; role: Role };
  'control.place': {
    tenant: string;
    checked_at: TimestampColumn;
    problem: string | null;
    repairs: JsonColumn<readonly PlaceRepair[]>;
    foreign_objects: JsonColumn<readonly string[]>;
  };
  'control.milestone': { name: string; time: TimestampColumn };
  'control.usage': {
    tenant: string;
    interval_id: string;
    meter: string;
    subject: string;
    object_urn: string;
    amount: number;
    from_time: TimestampColumn;
    to_time: TimestampColumn;
  };
};

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<ControlTables>();
}
