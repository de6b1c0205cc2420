import { formatUrn } from '@stratalab/contracts';
import type { Job, JobState, JobSummary, Progress } from '@stratalab/contracts/compute';
import type { JobOutput, JobSpec } from './job-spec.ts';

/** A job as it is stored. */
export interface StoredJob {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly spec: JobSpec;
  readonly code_sha256: string;
  readonly priority: number;
  readonly retry_of: string | null;
  readonly state: JobState;
  readonly attempt: number;
  readonly wait_reason: string | null;
  readonly place: number | null;
  readonly cancel_requested_at: string | null;
  readonly reason: string | null;
  readonly exit_code: number | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly outputs: readonly JobOutput[];
  readonly progress: Progress | null;
}

export const jobUrn = (job: { readonly tenant: string; readonly id: string }): string => formatUrn({ tenant: job.tenant, kind: 'job', name: job.id });

export function isFinal(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** In our queue there always is one; where the job was started and a scheduler of a cluster still looks for a place, what that says. */
function waitReasonOf(job: StoredJob): string | null {
  if (job.state === 'queued') return job.wait_reason ?? 'Waiting for its turn.';
  return job.state === 'starting' ? job.wait_reason : null;
}

export function summaryOf(job: StoredJob): JobSummary {
  return {
    id: job.id,
    urn: jobUrn(job),
    name: job.name,
    createdBy: job.created_by,
    createdAt: job.created_at,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    state: job.state,
    isCancelling: job.cancel_requested_at !== null && !isFinal(job.state),
    waitReason: waitReasonOf(job),
    place: waitReasonOf(job) === null ? null : job.place,
    reason: job.reason,
    priority: job.priority,
    launcher: job.spec.launcher,
    processes: job.spec.processes,
    resourcesPerProcess: job.spec.resourcesPerProcess,
    attempt: job.attempt,
    progress: job.progress
  };
}

export function jobOf(job: StoredJob): Job {
  const { spec } = job;
  const ranks = Array.from({ length: spec.processes }, (_unused, rank) => String(rank));
  return {
    ...summaryOf(job),
    code: { ...spec.code, sha256: job.code_sha256 },
    gpuKind: spec.gpuKind ?? null,
    arguments: [...spec.arguments],
    environment: { ...spec.environment },
    inputs: spec.inputs.map(({ name, version, urn, mountName }) => ({ name, version, urn, path: `datasets/${mountName}` })),
    outputs: job.outputs.map(({ name, kind, as, urn, problem }) => ({ name, kind, as, urn, problem })),
    retries: spec.retries,
    deadlineSeconds: spec.deadlineSeconds,
    experiment: spec.experiment,
    exitCode: job.exit_code,
    retryOf: job.retry_of,
    logParts: [...ranks, 'launcher']
  };
}
