import { formatUrn } from '@stratalab/contracts';

/** URN of a job. */
export function urnOfJob(tenant: string, id: string): string {
  return formatUrn({ tenant, kind: 'job', name: id });
}
