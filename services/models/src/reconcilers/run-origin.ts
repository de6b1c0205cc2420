import type { Reconciler } from '@stratalab/kernel';
import { findRun, updateRun } from '../store/run-store.ts';
import { parseUrn } from '@stratalab/contracts';
import { withJob, type FindJob } from '../usecases/origin.ts';
import { edgesOfRun, recordLineage } from '../usecases/lineage.ts';
import { originKind } from '../usecases/run-origin.ts';

/** Adds a job's code and data to a run that was made while `compute` did not answer. Gives up when the job is gone for good. */
export function createRunOriginReconciler(findJob: FindJob): Reconciler {
  return {
    kind: originKind,
    async reconcile(context) {
      const { tenant, id } = context;
      const run = await context.read(tx => findRun(tx, tenant, id));
      const job = run?.origin.jobUrn === null || run === undefined ? undefined : parseUrn(run.origin.jobUrn)?.name;
      if (run === undefined || job === undefined || run.origin.codeSha256 !== null) return { isDone: true };
      const facts = await findJob(tenant, job);
      if (facts === undefined) throw new Error('The job of a run is not known yet.');
      const origin = withJob(run.origin, facts);
      await context.write(async tx => {
        await updateRun(tx, tenant, id, { origin });
        await recordLineage(tx, tenant, edgesOfRun(tenant, id, origin));
      });
      return { isDone: true };
    }
  };
}
