import type { JobAttempt } from '@stratalab/kernel';

/** Name of the Volcano Job and of the Secret of an attempt; it follows from ids, so a second create meets the first. */
export function attemptName({ jobId, attempt }: Pick<JobAttempt, 'jobId' | 'attempt'>): string {
  return `job-${jobId}-${attempt}`;
}
