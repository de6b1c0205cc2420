import { KubernetesObjectApi, type KubeConfig } from '@kubernetes/client-node';
import { createClusterWatch } from '@stratalab/cluster-watch';
import { createClusterClient, jobKinds, volcanoJob } from '@stratalab/job-runtime-kubernetes';
import { createLogger, createMetrics } from '@stratalab/kernel';
import { percentile, waitFor } from '@stratalab/tooling';
import { benchJob, benchSite, makeBenchPlace, placeOf } from './bench-jobs.ts';
import { followGangs } from './follow-gangs.ts';
import { inParallel } from './in-parallel.ts';
import type { AdmissionResult } from './one-run.ts';

/** The same Volcano Jobs, created one after the other by a plain client with as many callers: what the cluster can do without us. */
export async function measureBare(
  kubeConfig: KubeConfig,
  options: { readonly tenant: string; readonly jobs: number; readonly parallel: number; readonly timeoutMs: number }
): Promise<AdmissionResult> {
  const { tenant, jobs, parallel, timeoutMs } = options;
  await makeBenchPlace(createClusterClient(kubeConfig), tenant);
  const stop = new AbortController();
  const kinds = jobKinds({ hasRay: false }).filter(({ name }) => name === 'volcano-jobs');
  const watch = createClusterWatch({ kubeConfig, kinds, logger: createLogger({ level: 'silent', service: 'bench' }), metrics: createMetrics() });
  const running = watch.run(stop.signal);
  try {
    await waitFor(() => watch.view('volcano-jobs').isFresh);
    const gangs = followGangs(watch, placeOf(tenant));
    const objects = KubernetesObjectApi.makeApiClient(kubeConfig);
    const created: string[] = [];
    const startedAt = performance.now();
    await inParallel(jobs, parallel, async () => {
      const job = volcanoJob(benchJob(tenant), benchSite('/data'));
      created.push(job.metadata?.name ?? '');
      await objects.create(job);
    });
    await waitFor(() => gangs.admittedAt.size >= jobs, timeoutMs);
    return {
      admittedPerSecond: (jobs / (Math.max(...gangs.admittedAt.values()) - startedAt)) * 1000,
      createdP95Ms: percentile(
        created.map(name => (gangs.createdAt.get(name) ?? Number.NaN) - startedAt),
        0.95
      )
    };
  } finally {
    stop.abort();
    await running;
  }
}
