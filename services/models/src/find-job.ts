import { computeRoutes } from '@stratalab/contracts/compute';
import { serviceActor, type ServiceContext } from '@stratalab/kernel';
import type { FindJob } from './usecases/origin.ts';

const timeoutMs = 3_000;

/** Asks `compute` for a job; a service that does not answer now is the same as an unknown job, and is asked again later. */
export function createFindJob(context: Pick<ServiceContext<unknown>, 'clientFor' | 'logger'>): FindJob {
  return async (tenant, jobId) => {
    try {
      const job = await context.clientFor(computeRoutes, serviceActor('models', tenant)).getJob({ params: { tenant, job: jobId } }, { signal: AbortSignal.timeout(timeoutMs) });
      return { name: job.name, codeFileName: job.code.fileName, codeSha256: job.code.sha256, datasets: job.inputs.map(({ urn }) => urn) };
    } catch (error) {
      context.logger.warn({ event: 'models.job-unknown', jobId, error }, 'the job of a run could not be asked for');
      return undefined;
    }
  };
}
