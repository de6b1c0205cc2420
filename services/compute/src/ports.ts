import type { JobRuntime } from '@stratalab/kernel';

/** What `compute` needs from outside. */
export interface ComputePorts {
  readonly runtime: JobRuntime;
  /** Where jobs reach the platform, with its prefix and without a slash at the end. */
  readonly platformUrl: string;
}
