import { formatUrn, Problem } from '@stratalab/contracts';
import { appendEvent, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesConfig } from '../config.ts';
import type { PlannedStep } from '../domain/plan.ts';
import { retryPauseMs } from '../domain/run-moves.ts';
import type { PipelinesPorts } from '../ports.ts';
import { addLogLine } from '../store/log-store.ts';
import { runUrnOf, type RunRow } from '../store/run-store.ts';
import { beat, endAttempt, noteInputs, type StepRow } from '../store/step-store.ts';
import { executeStep, type StepResult } from './execute-step.ts';
import { noteRunChange, wakeRun } from './note-change.ts';

export interface ClaimedStep {
  readonly run: RunRow;
  /** As it was claimed. */
  readonly step: StepRow;
  readonly planned: PlannedStep;
  readonly produced: ReadonlyMap<string, string>;
  /** Folder of an attempt that was cut off. */
  readonly previousStagingId: string | null;
}

/** Works on claimed steps in this process, beside the reconciler: a query takes longer than a lease should. */
export interface StepRunner {
  /** Begins; the outcome is written to the database and the run is woken. */
  start(claimed: ClaimedStep): void;
  /** Whether this process works on the step as it is claimed now. */
  isWorkingOn(step: StepRow): boolean;
  /** Ends what this process does for a run; nothing of it is written any more. */
  abort(runId: string): void;
  /** Gives every step back for another process to begin again; resolves when nothing runs. */
  stop(): Promise<void>;
}

class LostClaim extends Error {}

export function createStepRunner(context: ServiceContext<PipelinesPorts>, config: PipelinesConfig): StepRunner {
  const working = new Map<string, { readonly runId: string; readonly controller: AbortController; readonly done: Promise<void> }>();
  const keyOf = (step: StepRow): string => `${step.run_id}/${step.name}/${step.claim ?? ''}`;
  return {
    isWorkingOn: step => working.has(keyOf(step)),
    start(claimed) {
      const key = keyOf(claimed.step);
      const controller = new AbortController();
      const done = work(context, { ...claimed, config, controller }).finally(() => working.delete(key));
      working.set(key, { runId: claimed.run.id, controller, done });
    },
    abort(runId) {
      for (const item of working.values()) if (item.runId === runId) item.controller.abort(new LostClaim());
    },
    async stop() {
      const all = [...working.values()];
      for (const { controller } of all) controller.abort(context.stop.reason ?? new Error('stopping'));
      await Promise.allSettled(all.map(({ done }) => done));
    }
  };
}

type Work = ClaimedStep & { readonly config: PipelinesConfig; readonly controller: AbortController };

/** Never rejects: whatever happens becomes an outcome, or is left to the process that takes the step over. */
async function work(context: ServiceContext<PipelinesPorts>, given: Work): Promise<void> {
  const { run, step, controller } = given;
  const stopBeating = keepBeating(context, given);
  const say = (text: string, level: 'info' | 'error' = 'info') =>
    context.database.inTenant({ tenant: run.tenant }, tx => addLogLine(tx, { tenant: run.tenant, runId: run.id, step: step.name, attempt: step.attempt, level, text }));
  try {
    if (given.previousStagingId !== null) await context.ports.staging.remove(run.tenant, given.previousStagingId);
    const result = await executeStep(context, {
      ...given,
      signal: AbortSignal.any([controller.signal, context.stop]),
      onInputs: async urns => {
        await context.database.inTenant({ tenant: run.tenant }, tx => noteInputs(tx, step, urns));
        await say(urns.length === 0 ? 'Reads no dataset.' : `Reads ${urns.map(shortName).join(', ')}.`);
      },
      // A beat may be seconds away, and in another process nobody aborts us: a query that ended just then must not publish for a step that is not ours.
      demandClaim: async () => {
        if (!(await context.database.inTenant({ tenant: run.tenant }, tx => beat(tx, step)))) controller.abort(new LostClaim());
        controller.signal.throwIfAborted();
      }
    });
    await succeed(context, given, result);
  } catch (error) {
    await end(context, given, error).catch((reason: unknown) => {
      context.logger.warn(
        { event: 'pipeline-step.outcome-lost', run: run.id, step: step.name, error: reason },
        'the outcome of a step could not be written; the step will be begun again'
      );
    });
  } finally {
    stopBeating();
    // Empty after a publication, full where another attempt had published before this one.
    if (step.staging_id !== null) await context.ports.staging.remove(run.tenant, step.staging_id).catch(() => undefined);
  }
}

async function succeed(context: ServiceContext<PipelinesPorts>, { run, step }: Work, result: StepResult): Promise<void> {
  await context.database.inTenant({ tenant: run.tenant }, async tx => {
    if (!(await endAttempt(tx, step, { state: 'succeeded', output: result }))) return;
    const text = `Published ${step.output_dataset}@${result.version}: ${result.rowCount} ${result.rowCount === 1 ? 'row' : 'rows'} in ${(result.durationMs / 1000).toFixed(1)} s.`;
    await addLogLine(tx, { tenant: run.tenant, runId: run.id, step: step.name, attempt: step.attempt, text });
    const pipelineUrn = formatUrn({ tenant: run.tenant, kind: 'pipeline', name: run.pipeline_name });
    await appendEvent(tx, {
      name: 'lineage.recorded.v1',
      tenant: run.tenant,
      subject: run.created_by,
      urn: result.urn,
      data: { edges: [{ from: pipelineUrn, to: runUrnOf(run) }] }
    });
    await noteRunChange(tx, run);
    await wakeRun(tx, run);
  });
}

/** A failure becomes a retry or the end of the step; a step that was taken away is left alone; a stopping process gives it back. */
async function end(context: ServiceContext<PipelinesPorts>, { run, step, planned, controller }: Work, error: unknown): Promise<void> {
  if (controller.signal.reason instanceof LostClaim) return;
  await context.database.inTenant({ tenant: run.tenant }, async tx => {
    if (controller.signal.aborted || context.stop.aborted) {
      if (await endAttempt(tx, step, { state: 'waiting' })) await wakeRun(tx, run);
      return;
    }
    const failure = error instanceof Problem ? error : new Problem('internal', { cause: error, detail: 'Something went wrong on our side.' });
    if (failure.code === 'internal')
      context.logger.error({ event: 'pipeline-step.failed', run: run.id, step: step.name, error: failure.details.cause ?? failure }, 'a step failed unexpectedly');
    const failures = step.failures + 1;
    const mayRetry = (failure.isRetryable || failure.code === 'internal' || failure.code === 'quota-exceeded') && failures < step.max_attempts;
    const pauseMs = retryPauseMs(planned.backOffSeconds, failures);
    const problem = { code: failure.code, detail: failure.message, hint: failure.details.hint ?? null };
    const outcome = mayRetry
      ? { state: 'waiting' as const, isFailure: true, problem, retryAt: new Date(context.clock.now().getTime() + pauseMs).toISOString() }
      : { state: 'failed' as const, isFailure: true, problem };
    if (!(await endAttempt(tx, step, outcome))) return;
    const next = mayRetry ? ` Tries again in ${pauseMs / 1000} s (${failures + 1} of ${step.max_attempts}).` : '';
    await addLogLine(tx, { tenant: run.tenant, runId: run.id, step: step.name, attempt: step.attempt, level: 'error', text: `${failure.message}${next}` });
    await noteRunChange(tx, run);
    await wakeRun(tx, run);
  });
}

/** Says that we are alive, and stops the work when it is not ours any more. */
function keepBeating(context: ServiceContext<PipelinesPorts>, { run, step, config, controller }: Work): () => void {
  const timer = setInterval(() => {
    context.database
      .inTenant({ tenant: run.tenant }, tx => beat(tx, step))
      .then(isOurs => {
        if (!isOurs) controller.abort(new LostClaim());
      })
      // The database is away for a moment: if it stays away, another process takes over and the next beat tells.
      .catch(() => undefined);
  }, config.STRATALAB_STEP_HEARTBEAT_SECONDS * 1000);
  timer.unref();
  return () => clearInterval(timer);
}

function shortName(urn: string): string {
  return urn.split(':').at(-1) ?? urn;
}
