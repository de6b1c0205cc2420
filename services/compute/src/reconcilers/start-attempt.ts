import { catalogRoutes } from '@stratalab/contracts/catalog';
import { controlRoutes } from '@stratalab/contracts/control';
import { Problem, type Permission } from '@stratalab/contracts';
import type { JobStart } from '@stratalab/kernel';
import { quotaAmounts } from '../domain/job-spec.ts';
import { jobUrn } from '../domain/job-view.ts';
import { updateJob } from '../store/job-store.ts';
import type { JobRow } from '../store/tables.ts';
import { actorOf, attemptOf, type JobStep } from './job-step.ts';
import { NotTaken } from './not-taken.ts';

/** What the token of a job may do: its own progress, data, tracking, models and endpoints of its tenant. Never more jobs, keys or members. */
const tokenScopes: readonly Permission[] = ['job:read', 'job:report', 'dataset:read', 'run:read', 'run:write', 'model:read', 'model:write', 'endpoint:read', 'endpoint:invoke'];
const daySeconds = 86_400;

/** Gives the attempt its token and its inputs and starts it. Every part is idempotent: a crash in between repeats it without a trace. @throws NotTaken what the runtime said */
export async function startAttempt(step: JobStep): Promise<void> {
  const { service, context, job } = step;
  const control = service.clientFor(controlRoutes, actorOf(job));
  const params = { tenant: job.tenant };
  await control.confirmReservation({ params, body: { objectUrn: jobUrn(job), amounts: quotaAmounts(job.spec) } });
  const { key, secret } = await control.createAccessKey(
    {
      params,
      body: { name: `job ${job.name}`, kind: 'job-token', jobId: job.id, scopes: [...tokenScopes], expiresInSeconds: step.config.STRATALAB_JOB_TOKEN_DAYS * daySeconds }
    },
    { idempotencyKey: `job-token-${job.id}-${job.attempt}`, signal: context.signal }
  );
  await context.write(tx => updateJob(tx, job.id, { key_id: key.id, ...(job.key_id === key.id ? {} : { handed_at: service.clock.now().toISOString() }) }));
  const mounts = await resolveMounts(step);
  const { spec } = job;
  const request: JobStart = {
    ...attemptOf(job),
    launcher: spec.launcher,
    processes: spec.processes,
    perProcess: spec.resourcesPerProcess,
    ...(spec.gpuKind === undefined || spec.gpuKind === null ? {} : { gpuKind: spec.gpuKind }),
    gpuDevices: job.gpu_devices,
    fileName: spec.code.fileName,
    code: spec.code.text,
    arguments: spec.arguments,
    environment: { ...spec.environment, ...platformEnvironment(job, service.ports.platformUrl) },
    token: secret,
    mounts,
    outputs: spec.outputs.map(({ name }) => name),
    priority: job.priority,
    ...(spec.deadlineSeconds === null ? {} : { deadlineSeconds: spec.deadlineSeconds })
  };
  try {
    await service.ports.runtime.start(request);
  } catch (error) {
    throw error instanceof Problem ? new NotTaken(error) : error;
  }
}

/** Where the job finds the platform. The token itself goes by file, never here. */
function platformEnvironment(job: JobRow, url: string): Record<string, string> {
  return {
    STRATALAB_URL: url,
    STRATALAB_PROGRESS_URL: `${url}/api/compute/v1/tenants/${job.tenant}/jobs/${job.id}/progress`,
    STRATALAB_JOB_NAME: job.name,
    MLFLOW_TRACKING_URI: `${url}/mlflow/${job.tenant}`,
    // The address MLflow would print leads to its own pages, which are not here.
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
    ...(job.spec.experiment === null ? {} : { MLFLOW_EXPERIMENT_NAME: job.spec.experiment })
  };
}

async function resolveMounts({ service, job, context }: JobStep): Promise<readonly { readonly mountName: string; readonly path: string }[]> {
  if (job.spec.inputs.length === 0) return [];
  const catalog = service.clientFor(catalogRoutes, actorOf(job));
  const datasets = job.spec.inputs.map(({ name, version }) => ({ name, version }));
  const { items } = await catalog.resolveMounts({ params: { tenant: job.tenant }, body: { datasets } }, { signal: context.signal });
  return items.map(({ mountName, path }) => ({ mountName, path }));
}
