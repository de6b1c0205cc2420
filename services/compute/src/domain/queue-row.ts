import type { JobState, SmallerAsk } from '@stratalab/contracts/compute';
import type { JobSpec } from './job-spec.ts';

/** What the queue has to know of a job: never its code. */
export interface QueueRow {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly handed_at: string | null;
  readonly priority: number;
  readonly cpu: number;
  readonly memory_mib: number;
  readonly gpu: number;
  readonly state: JobState;
  readonly not_before: string | null;
  readonly wait_reason: string | null;
  readonly place: number | null;
  readonly smaller_ask: SmallerAsk | null;
  readonly gpu_devices: readonly number[];
  readonly spec: Pick<JobSpec, 'processes' | 'resourcesPerProcess'>;
}
