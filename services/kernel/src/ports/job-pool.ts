import type { JobCapacity } from './job-runtime.ts';

/** One kind of device of a node by the name it is asked for: whole GPUs of a type, or slices of one. */
export interface PoolDevice {
  readonly resource: string;
  readonly total: number;
  readonly used: number;
}

/** One machine of the pool. */
export interface PoolNode {
  readonly name: string;
  readonly isReady: boolean;
  /** Not closed for new work by an operator. */
  readonly isOpen: boolean;
  /** Jobs may be placed on it: ready, open, and of the kind this installation chose. */
  readonly takesJobs: boolean;
  /** Name of the group of machines it belongs to, where the provider or operator says one. */
  readonly pool: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly total: JobCapacity;
  /** Asked for by everything that is placed on it, jobs or not. */
  readonly used: JobCapacity;
  readonly devices: readonly PoolDevice[];
  /** How many more processes it takes whatever they ask for; null: no such limit. */
  readonly freeProcesses: number | null;
}

/** What one tenant has of the pool. */
export interface PoolTenant {
  readonly tenant: string;
  readonly used: JobCapacity;
  /** Processes that are placed. */
  readonly processes: number;
  /** Gangs that wait for room. */
  readonly waiting: number;
  /** Limit of its jobs; null where there is none. */
  readonly limit: { readonly cpu: number | null; readonly memoryMiB: number | null; readonly gpu: number | null };
}

/** The machines jobs run on, as they were at `readAt`. */
export interface JobPool {
  readonly kind: 'machine' | 'cluster';
  /** RFC 3339. */
  readonly readAt: string;
  /** Memory a process takes beside what it asks for. */
  readonly overheadMiB: number;
  readonly nodes: readonly PoolNode[];
  readonly tenants: readonly PoolTenant[];
}
