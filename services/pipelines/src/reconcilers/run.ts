import { Problem } from '@stratalab/contracts';
import { newId, type ReconcileContext, type Reconciler, type ReconcileResult, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesConfig } from '../config.ts';
import type { PlannedStep } from '../domain/plan.ts';
import { movesOf, type StepFacts } from '../domain/run-moves.ts';
import type { PipelinesPorts } from '../ports.ts';
import { addLogLine } from '../store/log-store.ts';
import { tables } from '../store/tables.ts';
import { countRunsBefore, findRunRow, listLivingRuns, lockRunRow, setRun, type RunRow } from '../store/run-store.ts';
import { claimStep, endSteps, listAbandoned, listSteps, type StepRow } from '../store/step-store.ts';
import { readPlan } from '../store/version-store.ts';
import { noteRunChange, runKind, wakeRun } from '../usecases/note-change.ts';
import { confirmRun, releaseRun, reserveRun } from '../usecases/run-quota.ts';
import type { ClaimedStep, StepRunner } from '../usecases/step-runner.ts';

interface Parts {
  readonly context: ServiceContext<PipelinesPorts>;
  readonly config: PipelinesConfig;
  readonly runner: StepRunner;
}

const waitingMs = 5_000;
/** Silences after which a step is taken over. */
const missedBeats = 3;

/**
 * Drives a run: waits for its turn and its quota, claims steps whose turn has come, takes over steps whose process died, and ends the run.
 * The queries themselves run in the step runner.
 */
export function createRunReconciler(parts: Parts): Reconciler {
  return {
    kind: runKind,
    resyncMs: 15_000,
    list: tx => listLivingRuns(tx),
    async reconcile(step) {
      const run = await step.read(tx => findRunRow(tx, step.id));
      if (run === undefined) return { isDone: true };
      if (run.state === 'queued' && !run.is_cancel_requested) return begin(parts, step, run);
      if (run.state === 'queued' || run.state === 'running') return advance(parts, step);
      await releaseRun(parts.context, { id: run.id, tenant: run.tenant, createdBy: run.created_by }, step.signal);
      return { isDone: true };
    }
  };
}

/** Queued: first its turn in the pipeline, then the quota. Both waits say why. */
async function begin({ context, config }: Parts, step: ReconcileContext, run: RunRow): Promise<ReconcileResult> {
  const wait = (reason: string): Promise<ReconcileResult> =>
    step.write(async tx => {
      const row = await lockRunRow(tx, run.id);
      if (row?.state === 'queued' && row.wait_reason !== reason) await noteRunChange(tx, await setRun(tx, run.id, { waitReason: reason }));
      return { requeueAfterMs: Math.min(waitingMs, config.STRATALAB_STEP_HEARTBEAT_SECONDS * 1000) };
    });
  const { before, concurrency } = await step.read(async tx => {
    const pipeline = await tables(tx).selectFrom('pipelines.pipeline').select('concurrency').where('id', '=', run.pipeline_id).executeTakeFirstOrThrow();
    return { before: await countRunsBefore(tx, run), concurrency: pipeline.concurrency };
  });
  if (before >= concurrency) return wait(`Waits for ${before === 1 ? 'an earlier run' : `${before} earlier runs`} of this pipeline to end (${concurrency} at once).`);
  const counted = { id: run.id, tenant: run.tenant, createdBy: run.created_by };
  try {
    await reserveRun(context, counted, step.signal);
  } catch (error) {
    if (error instanceof Problem && error.code === 'quota-exceeded') return wait(`Waits for quota: ${error.message}`);
    if (error instanceof Problem && error.code === 'invalid-state') return refuse(step, run, error);
    throw error;
  }
  await confirmRun(context, counted, step.signal);
  await step.write(async tx => {
    const row = await lockRunRow(tx, run.id);
    if (row?.state !== 'queued') return;
    await addLogLine(tx, { tenant: run.tenant, runId: run.id, text: `Started: version ${run.version} of ${run.pipeline_name}.` });
    await noteRunChange(tx, await setRun(tx, run.id, { state: 'running', waitReason: null, isStarted: true }));
  });
  return { requeueAfterMs: 0 };
}

/** Nothing new starts in a closed tenant: the run ends and its log says so. */
async function refuse(step: ReconcileContext, run: RunRow, { message, details }: Problem): Promise<ReconcileResult> {
  await step.write(async tx => {
    const row = await lockRunRow(tx, run.id);
    if (row?.state !== 'queued' || row.is_cancel_requested) return;
    await addLogLine(tx, { tenant: run.tenant, runId: run.id, level: 'error', text: `Not started: ${details.detail ?? message}` });
    await setRun(tx, run.id, { isCancelRequested: true });
  });
  return { requeueAfterMs: 0 };
}

async function advance({ context, config, runner }: Parts, step: ReconcileContext): Promise<ReconcileResult> {
  const silenceMs = config.STRATALAB_STEP_HEARTBEAT_SECONDS * 1000 * missedBeats;
  const outcome = await step.write(async tx => {
    const run = await lockRunRow(tx, step.id);
    if (run === undefined || (run.state !== 'running' && !run.is_cancel_requested)) return { claimed: [], isOver: true, nextMs: undefined };
    const steps = await listSteps(tx, run.id);
    if (run.is_cancel_requested) {
      await endSteps(tx, run.id, { names: steps.filter(({ state }) => state === 'waiting' || state === 'running').map(({ name }) => name), state: 'cancelled' });
      await finish(tx, run, 'cancelled');
      return { claimed: [], isOver: true, nextMs: undefined };
    }
    const plan = await readPlan(tx, run.pipeline_id, run.version);
    const planned = new Map(plan.steps.map(item => [item.name, item]));
    const silent = new Set(await listAbandoned(tx, run.id, silenceMs));
    // A process that slept (a suspended machine) finds its own steps silent: they go on, and the next beat says so.
    const abandoned = new Set(steps.filter(row => silent.has(row.name) && !runner.isWorkingOn(row)).map(({ name }) => name));
    const moves = movesOf(
      steps.map(row => factsOf(row, planned, abandoned)),
      context.clock.now().getTime()
    );
    await endSteps(tx, run.id, { names: moves.skip, state: 'skipped' });
    if (moves.end !== undefined) {
      await finish(tx, run, moves.end);
      return { claimed: [], isOver: true, nextMs: undefined };
    }
    const claimed = await claimSteps(tx, run, { steps, planned, names: moves.start });
    if (claimed.length > 0 || moves.skip.length > 0) await noteRunChange(tx, run);
    return { claimed, isOver: false, nextMs: moves.nextMs };
  });
  if (outcome.isOver) {
    runner.abort(step.id);
    return { requeueAfterMs: 0 };
  }
  for (const claimed of outcome.claimed) runner.start(claimed);
  // A step in this process wakes us when it ends; this look is for steps whose process is gone.
  return { requeueAfterMs: Math.min(silenceMs, outcome.nextMs ?? silenceMs) };
}

async function claimSteps(
  tx: Parameters<typeof claimStep>[0],
  run: RunRow,
  given: { readonly steps: readonly StepRow[]; readonly planned: ReadonlyMap<string, PlannedStep>; readonly names: readonly string[] }
): Promise<readonly ClaimedStep[]> {
  const produced = new Map(given.steps.flatMap(row => (row.output_version === null ? [] : [[row.output_dataset, row.output_version] as const])));
  const claimed: ClaimedStep[] = [];
  for (const row of given.steps) {
    const planned = given.planned.get(row.name);
    if (planned === undefined || !given.names.includes(row.name)) continue;
    const step = await claimStep(tx, row, { claim: newId(), stagingId: newId() });
    if (row.state === 'running')
      await addLogLine(tx, { tenant: run.tenant, runId: run.id, step: row.name, attempt: step.attempt, text: 'The process that worked on this step is gone; it is begun again.' });
    claimed.push({ run, step, planned, produced, previousStagingId: row.staging_id });
  }
  return claimed;
}

async function finish(tx: Parameters<typeof setRun>[0], run: RunRow, state: 'succeeded' | 'failed' | 'cancelled'): Promise<void> {
  const row = await setRun(tx, run.id, { state, waitReason: null, isFinished: true });
  await addLogLine(tx, { tenant: run.tenant, runId: run.id, level: state === 'failed' ? 'error' : 'info', text: `The run ${state === 'cancelled' ? 'was cancelled' : state}.` });
  await noteRunChange(tx, row);
  for (const other of await listLivingRuns(tx, run.pipeline_id)) if (other.id !== run.id) await wakeRun(tx, other);
}

function factsOf(row: StepRow, planned: ReadonlyMap<string, PlannedStep>, abandoned: ReadonlySet<string>): StepFacts {
  return {
    name: row.name,
    state: row.state,
    deps: planned.get(row.name)?.deps ?? [],
    retryAtMs: row.retry_at === null ? undefined : Date.parse(row.retry_at),
    isAbandoned: abandoned.has(row.name)
  };
}
