import { controlRoutes } from '@stratalab/contracts/control';
import { serviceActor, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesPorts } from '../ports.ts';
import { runUrnOf } from '../store/run-store.ts';

interface CountedRun {
  readonly id: string;
  readonly tenant: string;
  readonly createdBy: string;
}

const oneJob = { jobs: 1 };

/** Holds one job of the quota for a run; idempotent. @throws quota-exceeded with the numbers */
export async function reserveRun(context: ServiceContext<PipelinesPorts>, run: CountedRun, signal: AbortSignal): Promise<void> {
  await client(context, run).reserveQuota({ params: { tenant: run.tenant }, body: { objectUrn: runUrnOf(run), amounts: oneJob } }, { signal });
}

/** Says that the run exists, so that its reservation does not expire; idempotent. */
export async function confirmRun(context: ServiceContext<PipelinesPorts>, run: CountedRun, signal: AbortSignal): Promise<void> {
  await client(context, run).confirmReservation({ params: { tenant: run.tenant }, body: { objectUrn: runUrnOf(run), amounts: oneJob } }, { signal });
}

/** Gives the job back; idempotent. */
export async function releaseRun(context: ServiceContext<PipelinesPorts>, run: CountedRun, signal: AbortSignal): Promise<void> {
  await client(context, run).releaseReservation({ params: { tenant: run.tenant }, body: { objectUrn: runUrnOf(run) } }, { signal });
}

function client(context: ServiceContext<PipelinesPorts>, run: CountedRun) {
  return context.clientFor(controlRoutes, serviceActor('pipelines', run.tenant, run.createdBy));
}
