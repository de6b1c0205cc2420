import { Problem } from '@stratalab/contracts';
import type { JobInput, JobTemplate } from '@stratalab/contracts/compute';
import type { Call } from '@stratalab/kernel';
import { specOf } from '../domain/job-spec.ts';
import { removeTemplate, upsertTemplate } from '../store/template-store.ts';

/** Saves a job under a name. @throws invalid-request for what could not be submitted either */
export async function saveTemplate(call: Call, input: { readonly name: string; readonly description?: string | undefined; readonly job: JobInput }): Promise<JobTemplate> {
  specOf(input.job, []);
  return call.commit(
    tx => upsertTemplate(tx, { tenant: call.tenant, name: input.name, description: input.description ?? '', createdBy: call.actor.subject, isSample: false, job: input.job }),
    ({ name }) => `job-template:${name}`
  );
}

export async function deleteTemplate(call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      if (!(await removeTemplate(tx, call.tenant, name))) throw new Problem('not-found');
    },
    () => `job-template:${name}`
  );
}
