import { Problem } from '@stratalab/contracts';
import type { PipelineRun } from '@stratalab/contracts/pipelines';
import { newId, type Call, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesPorts } from '../ports.ts';
import { findPipelineRow } from '../store/pipeline-store.ts';
import { findRunRow, insertRun, lockRunRow, readRun, runUrnOf, setRun, type NewRun } from '../store/run-store.ts';
import { listSteps } from '../store/step-store.ts';
import { readPlan } from '../store/version-store.ts';
import { noteRunChange, wakeRun } from './note-change.ts';
import { releaseRun, reserveRun } from './run-quota.ts';

/**
 * Asks for a run of the newest version, now.
 * @throws quota-exceeded when the tenant may not have one more job
 */
export async function runPipeline(context: ServiceContext<PipelinesPorts>, call: Call, name: string): Promise<PipelineRun> {
  return admitRun(context, call, id =>
    call.read(async tx => {
      const row = await findPipelineRow(tx, call.tenant, name);
      if (row === undefined) throw new Problem('not-found', { detail: `There is no pipeline '${name}'.` });
      return {
        id,
        tenant: call.tenant,
        pipelineId: row.id,
        pipelineName: row.name,
        version: row.version,
        plan: await readPlan(tx, row.id, row.version),
        trigger: 'manual' as const,
        createdBy: call.actor.subject
      };
    })
  );
}

/**
 * Asks for a run of the same version that does again only what did not succeed.
 * @throws invalid-state while the run is not over, or when everything succeeded; quota-exceeded
 */
export async function rerunFromFailed(context: ServiceContext<PipelinesPorts>, call: Call, runId: string): Promise<PipelineRun> {
  return admitRun(context, call, id =>
    call.read(async tx => {
      const run = await findRunRow(tx, runId);
      if (run === undefined) throw new Problem('not-found', { detail: 'There is no such run.' });
      if (run.state === 'queued' || run.state === 'running') throw new Problem('invalid-state', { detail: 'The run is not over yet.', hint: 'Cancel it first, or wait.' });
      if (run.state === 'succeeded') throw new Problem('invalid-state', { detail: 'Every step of this run succeeded.', hint: 'Run the pipeline again instead.' });
      const steps = await listSteps(tx, run.id);
      return {
        id,
        tenant: call.tenant,
        pipelineId: run.pipeline_id,
        pipelineName: run.pipeline_name,
        version: run.version,
        plan: await readPlan(tx, run.pipeline_id, run.version),
        trigger: 'rerun' as const,
        rerunOf: run.id,
        createdBy: call.actor.subject,
        reused: new Map(steps.filter(({ state }) => state === 'succeeded').map(step => [step.name, step]))
      };
    })
  );
}

/**
 * Stops a run: nothing new begins, running queries are killed, what was published stays. Idempotent while the run stops.
 * @throws invalid-state when the run is over
 */
export async function cancelRun(call: Call, runId: string): Promise<PipelineRun> {
  return call.commit(
    async tx => {
      const row = await lockRunRow(tx, runId);
      if (row === undefined) throw new Problem('not-found', { detail: 'There is no such run.' });
      if (row.state !== 'queued' && row.state !== 'running')
        throw new Problem('invalid-state', { detail: `The run is over: it ${row.state === 'cancelled' ? 'was cancelled' : row.state}.` });
      const changed = await setRun(tx, row.id, { isCancelRequested: true });
      await wakeRun(tx, changed);
      return readRun(tx, changed);
    },
    run => run.urn
  );
}

/** Quota first, then the row; when the row cannot be written, the quota goes back at once instead of when it expires. */
async function admitRun(context: ServiceContext<PipelinesPorts>, call: Call, prepare: (id: string) => Promise<NewRun>): Promise<PipelineRun> {
  const run = await prepare(newId());
  await reserveRun(context, run, call.signal);
  try {
    return await call.commit(
      async tx => {
        if (!(await insertRun(tx, run))) throw new Error('A new id is taken.');
        const row = await findRunRow(tx, run.id);
        if (row === undefined) throw new Error('The run that was just added is not there.');
        await noteRunChange(tx, row);
        await wakeRun(tx, run);
        return readRun(tx, row);
      },
      () => runUrnOf(run)
    );
  } catch (error) {
    await releaseRun(context, run, call.signal).catch(() => undefined);
    throw error;
  }
}
