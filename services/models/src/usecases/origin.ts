import { formatUrn } from '@stratalab/contracts';
import type { Origin } from '@stratalab/contracts/models';
import type { Actor } from '@stratalab/kernel';

/** What `compute` says about a job, as far as an origin needs it. */
export interface JobFacts {
  readonly name: string;
  readonly codeFileName: string;
  readonly codeSha256: string;
  readonly datasets: readonly string[];
}

/** Asks for a job; `undefined` when it is not there or does not answer now. */
export type FindJob = (tenant: string, jobId: string) => Promise<JobFacts | undefined>;

const nothing = { jobUrn: null, jobName: null, codeFileName: null, codeSha256: null, datasets: [] };

/** Where something comes from, by the credential of who makes it; a job's code and data are added by `withJob`. */
export function originOf(actor: Actor, tenant: string): Origin {
  const user = actor.onBehalfOf ?? actor.subject;
  if (actor.jobId !== undefined) return { ...nothing, kind: 'job', user, jobUrn: formatUrn({ tenant, kind: 'job', name: actor.jobId }) };
  return { ...nothing, kind: actor.via === 'access-key' ? 'program' : 'workspace', user };
}

/** Adds what the job ran and read. */
export function withJob(origin: Origin, job: JobFacts | undefined): Origin {
  if (job === undefined) return origin;
  return { ...origin, jobName: job.name, codeFileName: job.codeFileName, codeSha256: job.codeSha256, datasets: [...job.datasets] };
}
