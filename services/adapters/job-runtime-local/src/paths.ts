import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';

const tenantPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const idPattern = /^[0-9a-z]{26}$/;
const outputPattern = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;
const partPattern = /^([0-9]{1,3}|launcher)$/;

/** Folders of one job: `tenants/<tenant>/jobs/<id>/{home,logs,attempts/<n>}`; every part is checked, so that no name leads out of its tenant. */
export interface JobPaths {
  readonly job: string;
  readonly home: string;
  readonly logs: string;
  attempt(number: number): string;
  log(part: string): string;
  output(name: string): string;
  staging(stagingId: string): string;
}

export function jobPaths(dataFolder: string, { tenant, jobId }: { readonly tenant: string; readonly jobId: string }): JobPaths {
  if (!tenantPattern.test(tenant) || !idPattern.test(jobId)) throw refuse();
  const job = join(dataFolder, 'tenants', tenant, 'jobs', jobId);
  const checked = (pattern: RegExp, name: string): string => {
    if (!pattern.test(name)) throw refuse();
    return name;
  };
  return {
    job,
    home: join(job, 'home'),
    logs: join(job, 'logs'),
    attempt(number) {
      if (!Number.isInteger(number) || number < 1) throw refuse();
      return join(job, 'attempts', String(number));
    },
    log: part => join(job, 'logs', `${checked(partPattern, part)}.log`),
    output: name => join(job, 'home', 'outputs', checked(outputPattern, name)),
    staging: stagingId => join(dataFolder, 'tenants', tenant, 'staging', checked(idPattern, stagingId))
  };
}

function refuse(): Problem {
  return new Problem('invalid-request', { detail: 'This is not the name of a part of a job.' });
}
