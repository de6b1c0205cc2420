import type { ReconcileContext } from '@stratalab/kernel';
import { recoveredAfterMs, restartPauseMs } from '../domain/plan-replicas.ts';
import type { DeploymentRow } from '../store/deployment-store.ts';
import { changeReplica, removeReplica, type ReplicaChange, type ReplicaRow } from '../store/replica-store.ts';
import type { ServingParts } from '../usecases/parts.ts';
import { confirmReplica, releaseReplicas } from '../usecases/reservations.ts';

export interface ReplicaStep {
  readonly deployment: DeploymentRow;
  readonly replica: ReplicaRow;
  /** Whether the same index is wanted again after this one is gone. */
  readonly isReplaced: boolean;
  readonly drainMs: number;
}

const stopGraceMs = 5_000;

/** One step of one replica towards what is wanted; whether something changed. */
export async function stepReplica(parts: ServingParts, context: ReconcileContext, step: ReplicaStep): Promise<void> {
  const { replica } = step;
  if (replica.phase === 'draining') return finishDraining(parts, context, step);
  if (replica.phase === 'pending' || replica.phase === 'crashed') return startWhenDue(parts, context, step);
  return observe(parts, context, replica);
}

/** A replica ends when no call is in flight at it any more, or when its time is over. */
async function finishDraining(parts: ServingParts, context: ReconcileContext, { deployment, replica, isReplaced, drainMs }: ReplicaStep): Promise<void> {
  const sinceMs = parts.now().getTime() - Date.parse(replica.draining_since ?? '');
  if (parts.router.active(replica.id) > 0 && sinceMs < drainMs) return;
  await parts.runtime.stop(replica.id, { graceMs: stopGraceMs });
  if (!isReplaced) await releaseReplicas(parts, [{ tenant: deployment.tenant, name: deployment.name, index: replica.index }]);
  await context.write(tx => removeReplica(tx, replica.id));
}

async function startWhenDue(parts: ServingParts, context: ReconcileContext, { deployment, replica }: ReplicaStep): Promise<void> {
  if (Date.parse(replica.next_start_at) > parts.now().getTime()) return;
  await confirmReplica(parts, { tenant: deployment.tenant, name: deployment.name, index: replica.index, cpu: deployment.cpu, memoryMiB: deployment.memory_mib });
  try {
    await parts.runtime.start({
      id: replica.id,
      tenant: deployment.tenant,
      parallel: deployment.parallel,
      files: {
        folder: deployment.folder,
        format: deployment.format,
        sizeBytes: deployment.size_bytes,
        ...(deployment.entry_file === null ? {} : { entryFile: deployment.entry_file })
      },
      ...(deployment.context_tokens === null ? {} : { contextTokens: deployment.context_tokens })
    });
  } catch (error) {
    return crashed(parts, context, replica, error instanceof Error ? error.message : String(error));
  }
  await context.write(tx => changeReplica(tx, replica.id, { phase: 'launching', message: 'Starting the process.', started_at: parts.now().toISOString(), ready_at: null }));
}

async function observe(parts: ServingParts, context: ReconcileContext, replica: ReplicaRow): Promise<void> {
  const seen = await parts.runtime.observe(replica.id);
  // An orderly stop of the platform ended it: no crash, it just starts again.
  if (seen === undefined) return context.write(tx => changeReplica(tx, replica.id, { phase: 'pending', message: 'Waiting to be started.', ready_at: null }));
  if (seen.phase === 'exited') return crashed(parts, context, replica, seen.message);
  const now = parts.now();
  const change: ReplicaChange = { phase: seen.phase, message: seen.message };
  const isFirstAnswer = seen.phase === 'ready' && replica.ready_at === null;
  const isRecovered = replica.restarts > 0 && replica.ready_at !== null && now.getTime() - Date.parse(replica.ready_at) > recoveredAfterMs;
  if (change.phase === replica.phase && change.message === replica.message && !isFirstAnswer && !isRecovered) return;
  await context.write(tx => changeReplica(tx, replica.id, { ...change, ...(isFirstAnswer ? { ready_at: now.toISOString() } : {}), ...(isRecovered ? { restarts: 0 } : {}) }));
}

async function crashed(parts: ServingParts, context: ReconcileContext, replica: ReplicaRow, message: string): Promise<void> {
  const restarts = replica.restarts + 1;
  const next = new Date(parts.now().getTime() + restartPauseMs(restarts - 1)).toISOString();
  await context.write(tx => changeReplica(tx, replica.id, { phase: 'crashed', message, restarts, next_start_at: next, ready_at: null }));
}
