import { createHash } from 'node:crypto';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import type { Job, JobInput } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { newId, plainLaunchers, serviceActor, type Call, type ServiceContext } from '@stratalab/kernel';
import { times } from '../domain/amounts.ts';
import { assertFitsMachine, assertFitsQuotas, assertGpuKindOffered, assertLauncherOffered, specOf, type JobMount, type JobSpec } from '../domain/job-spec.ts';
import { jobOf, jobUrn } from '../domain/job-view.ts';
import type { ComputePorts } from '../ports.ts';
import { announceJob, wakeQueue } from '../store/job-events.ts';
import { insertJob } from '../store/job-store.ts';

export type ComputeContext = Pick<ServiceContext<ComputePorts>, 'ports' | 'clientFor'>;

/**
 * Puts a job into the queue; from then on it is not lost. Dataset versions are fixed here.
 * @throws invalid-request when this installation has no such launcher or kind of GPU; quota-exceeded with the numbers when it could never run within the limits; what only has to wait is accepted
 */
export async function submitJob(context: ComputeContext, call: Call, request: { readonly input: JobInput; readonly retryOf?: string }): Promise<Job> {
  const { input, retryOf } = request;
  const spec = specOf(input, await resolveInputs(context, call, input.datasets ?? []));
  const { runtime } = context.ports;
  assertLauncherOffered(spec, (await runtime.launchers?.(call.tenant)) ?? plainLaunchers);
  assertGpuKindOffered(spec, runtime.gpuKinds ?? []);
  assertFitsMachine(spec, await runtime.capacity());
  await assertWithinLimits(context, call, spec);
  const { cpu, memoryMiB, gpu } = times(spec.resourcesPerProcess, spec.processes);
  return call.commit(
    async tx => {
      const row = await insertJob(tx, {
        id: newId(),
        tenant: call.tenant,
        name: input.name,
        created_by: call.actor.onBehalfOf ?? call.actor.subject,
        spec: JSON.stringify(spec),
        code_sha256: createHash('sha256').update(spec.code.text).digest('hex'),
        priority: input.priority ?? 0,
        cpu,
        memory_mib: memoryMiB,
        gpu,
        retry_of: retryOf ?? null,
        outputs: JSON.stringify(spec.outputs.map(output => ({ ...output, stagingId: newId(), urn: null, problem: null })))
      });
      await announceJob(tx, row, call.actor.subject);
      await wakeQueue(tx, call.tenant);
      return jobOf(row);
    },
    job => jobUrn({ tenant: call.tenant, id: job.id })
  );
}

async function resolveInputs(context: ComputeContext, call: Call, datasets: NonNullable<JobInput['datasets']>): Promise<readonly JobMount[]> {
  if (datasets.length === 0) return [];
  const catalog = context.clientFor(catalogRoutes, serviceActor('compute', call.tenant, call.actor.subject));
  try {
    const { items } = await catalog.resolveMounts({ params: { tenant: call.tenant }, body: { datasets } }, { signal: call.signal });
    return items.map(({ name, version, urn, mountName }) => ({ name, version, urn, mountName }));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not-found') throw error;
    const detail = error.details.detail ?? `One of these datasets does not exist: ${datasets.map(({ name }) => name).join(', ')}.`;
    throw new Problem('invalid-request', { detail, hint: 'Choose a dataset version of this tenant.', cause: error });
  }
}

async function assertWithinLimits(context: ComputeContext, call: Call, spec: JobSpec): Promise<void> {
  const control = context.clientFor(controlRoutes, serviceActor('compute', call.tenant, call.actor.subject));
  const { items } = await control.getQuotas({ params: { tenant: call.tenant } }, { signal: call.signal });
  assertFitsQuotas(spec, items);
}
