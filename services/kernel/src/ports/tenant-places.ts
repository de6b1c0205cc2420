/** What a tenant may use where work runs; `null`: no limit. */
export interface TenantLimits {
  readonly cpu: number | null;
  readonly memoryMiB: number | null;
  readonly gpu: number | null;
  readonly jobs: number | null;
  readonly workspaces: number | null;
}

/** Something of a tenant's place that was not as it should be. */
export interface PlaceDrift {
  /** Kind and name in the words of the cluster. */
  readonly object: string;
  /** missing: made again. changed: put back. foreign: somebody else's, left alone. */
  readonly change: 'missing' | 'changed' | 'foreign';
  /** Dotted names of what was changed back; empty unless `changed`. */
  readonly fields: readonly string[];
}

/**
 * The place a tenant has on a cluster: its namespace with everything that limits and isolates it. Embedded installations have none.
 * Everything is idempotent and may run in several processes.
 */
export interface TenantPlaces {
  /** Characters the name of a tenant may have here. */
  readonly longestName: number;
  /** Makes the place, or makes it right. @returns what others had changed since it was right last; empty the first time */
  ensure(tenant: string, limits: TenantLimits): Promise<readonly PlaceDrift[]>;
  /** Ends everything that runs there and removes the place; the tenant's files stay. @returns false while something still ends: call again */
  remove(tenant: string): Promise<boolean>;
}
