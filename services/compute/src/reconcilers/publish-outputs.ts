import { Problem, problemKinds } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { modelsRoutes } from '@stratalab/contracts/models';
import type { JobOutput } from '../domain/job-spec.ts';
import { jobUrn } from '../domain/job-view.ts';
import { updateJob } from '../store/job-store.ts';
import { actorOf, attemptOf, type JobStep } from './job-step.ts';

/**
 * Publishes what the job declared, each output exactly once: the folder is moved to its staging place, and its owner (catalog, models)
 * knows the producer. What can never be published keeps the reason; what may work later is thrown and tried again.
 */
export async function publishOutputs(step: JobStep): Promise<readonly JobOutput[]> {
  const published: JobOutput[] = [];
  for (const output of step.job.outputs) published.push(output.urn === null ? await publish(step, output) : output);
  return published;
}

async function publish(step: JobStep, output: JobOutput): Promise<JobOutput> {
  const { service, context, job } = step;
  try {
    const isStaged = await service.ports.runtime.stageOutput(attemptOf(job), output);
    // Also without files: a crash may have come after their owner took them and before that was written down here.
    const urn = await register(step, output).catch((error: unknown) => {
      if (!isStaged && error instanceof Problem && error.code === 'not-found') return undefined;
      throw error;
    });
    if (urn === undefined) return { ...output, problem: `The job wrote nothing into the folder of '${output.name}'.` };
    const done = { ...output, urn, problem: null };
    await context.write(tx => updateJob(tx, job.id, { outputs: JSON.stringify(job.outputs.map(other => (other.name === output.name ? done : other))) }));
    return done;
  } catch (error) {
    if (!(error instanceof Problem) || problemKinds[error.code].retryable || error.code === 'internal' || error.code === 'conflict') throw error;
    return { ...output, problem: error.details.detail ?? problemKinds[error.code].title };
  }
}

async function register({ service, context, job }: JobStep, output: JobOutput): Promise<string> {
  const params = { tenant: job.tenant };
  const common = { producerUrn: jobUrn(job), output: output.name, stagingId: output.stagingId, inputs: job.spec.inputs.map(({ urn }) => urn) };
  const options = { signal: context.signal };
  if (output.kind === 'dataset') {
    return (await service.clientFor(catalogRoutes, actorOf(job)).publishOutput({ params, body: { dataset: output.as, ...common } }, options)).urn;
  }
  return (await service.clientFor(modelsRoutes, actorOf(job)).publishModelOutput({ params, body: { model: output.as, ...common } }, options)).urn;
}
