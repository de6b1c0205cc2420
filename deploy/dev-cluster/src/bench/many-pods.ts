import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { createClusterClient, marks, volcanoJob } from '@stratalab/job-runtime-kubernetes';
import { benchJob, benchSite, makeBenchPlace, placeOf } from './bench-jobs.ts';
import { inParallel } from './in-parallel.ts';

const parallel = 32;

/** Pods as the product's jobs have them, of one tenant; nobody schedules them, so that only what watches them works. */
export async function makeManyPods(kubeConfig: KubeConfig, tenant: string, count: number, onProgress: (made: number) => void): Promise<void> {
  await makeBenchPlace(createClusterClient(kubeConfig), tenant);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  let made = 0;
  await inParallel(count, parallel, async () => {
    const request = benchJob(tenant);
    const spec = { ...unsafePod(volcanoJob(request, benchSite('/data'))), schedulerName: 'nobody' };
    const labels = { [marks.managed]: 'true', [marks.tenant]: tenant, [marks.job]: request.jobId, [marks.attempt]: '1' };
    await core.createNamespacedPod({ namespace: placeOf(tenant), body: { metadata: { name: `job-${request.jobId}-1-worker-0`, labels }, spec } });
    made += 1;
    if (made % 1_000 === 0) onProgress(made);
  });
}

/** What the builder writes for its only task. */
function unsafePod(job: ReturnType<typeof volcanoJob>): NonNullable<Parameters<CoreV1Api['createNamespacedPod']>[0]['body']['spec']> {
  return (job.spec as { readonly tasks: readonly [{ readonly template: { readonly spec: ReturnType<typeof unsafePod> } }] }).tasks[0].template.spec;
}
