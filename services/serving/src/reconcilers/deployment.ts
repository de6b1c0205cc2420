import type { Condition } from '@stratalab/contracts';
import { appendEvent, type ReconcileContext, type Reconciler } from '@stratalab/kernel';
import { describeDeployment } from '../domain/describe-deployment.ts';
import { planReplicas } from '../domain/plan-replicas.ts';
import { listLiving, readDeployment, removeDeployment, writeStatus, type DeploymentRow } from '../store/deployment-store.ts';
import { insertReplica, listReplicas, markDraining, replicaId, type ReplicaRow } from '../store/replica-store.ts';
import { deploymentUrn } from '../usecases/deployment-view.ts';
import type { ServingParts } from '../usecases/parts.ts';
import { stepReplica } from './step-replica.ts';

const busyLookMs = 250;
/** Also the pulse that tells replicas that their platform lives. */
const calmLookMs = 15_000;

/** Keeps the replicas of a deployment as its record says: starts, watches, restarts with pauses, drains, stops. */
export function createDeploymentReconciler(parts: ServingParts, options: { readonly drainMs: number }): Reconciler {
  return {
    kind: 'deployment',
    leaseMs: 180_000,
    concurrency: 8,
    list: listLiving,
    async reconcile(context) {
      const deployment = await context.read(tx => readDeployment(tx, context.id));
      if (deployment === undefined) return { isDone: true };
      const wanted = { replicas: deployment.is_stopped ? 0 : deployment.wanted_replicas, revision: deployment.revision };
      await applyPlan(parts, context, { deployment, wanted });
      for (const replica of await context.read(tx => listReplicas(tx, [context.id])))
        await stepReplica(parts, context, { deployment, replica, isReplaced: replica.index < wanted.replicas, drainMs: options.drainMs });
      const replicas = await context.read(tx => listReplicas(tx, [context.id]));
      if (deployment.is_deleted && replicas.length === 0) return forget(parts, context, deployment);
      await writeWhatIs(parts, context, { deployment, replicas });
      return requeueAfter(parts.now(), deployment, replicas);
    }
  };
}

interface Seen {
  readonly deployment: DeploymentRow;
  readonly replicas: readonly ReplicaRow[];
}

async function applyPlan(
  parts: ServingParts,
  context: ReconcileContext,
  { deployment, wanted }: { readonly deployment: DeploymentRow; readonly wanted: { readonly replicas: number; readonly revision: number } }
): Promise<void> {
  const plan = planReplicas(wanted, await context.read(tx => listReplicas(tx, [context.id])));
  if (plan.drain.length === 0 && plan.create.length === 0) return;
  await context.write(async tx => {
    await markDraining(tx, plan.drain);
    for (const index of plan.create) await insertReplica(tx, { tenant: deployment.tenant, deploymentId: deployment.id, index, revision: deployment.revision });
  });
  // No new call may reach a replica that is about to go.
  parts.router.invalidate(deployment.tenant, deployment.name);
}

/** Writes state and sentence when they changed, with the facts that others wait for. */
async function writeWhatIs(parts: ServingParts, context: ReconcileContext, { deployment, replicas }: Seen): Promise<void> {
  const is = describeDeployment({ isStopped: deployment.is_stopped, wantedReplicas: deployment.wanted_replicas, replicas });
  const isSame =
    is.state === deployment.state &&
    is.message === deployment.message &&
    is.readyReplicas === deployment.ready_replicas &&
    deployment.observed_generation === deployment.generation;
  if (isSame) return;
  const { tenant, name } = deployment;
  const urn = deploymentUrn(tenant, name);
  const isAnswering = is.readyReplicas > 0;
  await context.write(async tx => {
    await writeStatus(tx, deployment.id, {
      ...is,
      observedGeneration: deployment.generation,
      conditions: conditionsOf(deployment, { isAnswering, reason: is.state, message: is.message, now: parts.now() })
    });
    if (deployment.is_deleted) return;
    await appendEvent(tx, { name: 'deployment.changed.v1', tenant, urn, data: { deployment: name, state: is.state, readyReplicas: is.readyReplicas } });
    if (isAnswering && deployment.ready_replicas === 0)
      await appendEvent(tx, { name: 'deployment.ready.v1', tenant, urn, data: { deployment: name, model: deployment.model_urn, kind: deployment.kind } });
    if (is.state === 'stopped' && deployment.state !== 'stopped') await appendEvent(tx, { name: 'deployment.gone.v1', tenant, urn, data: { deployment: name } });
  });
  parts.router.invalidate(tenant, name);
}

function conditionsOf(
  deployment: DeploymentRow,
  is: { readonly isAnswering: boolean; readonly reason: string; readonly message: string; readonly now: Date }
): readonly Condition[] {
  const status = is.isAnswering ? 'true' : 'false';
  const before = deployment.conditions.find(condition => condition.type === 'Ready');
  return [{ type: 'Ready', status, reason: is.reason, message: is.message, time: before?.status === status ? before.time : is.now.toISOString() }];
}

async function forget(parts: ServingParts, context: ReconcileContext, deployment: DeploymentRow): Promise<{ isDone: true }> {
  const mine = (await parts.runtime.list()).filter(id => id.startsWith(replicaId(deployment.id, 0).slice(0, -1)));
  for (const id of mine) await parts.runtime.remove(id);
  await context.write(tx => removeDeployment(tx, deployment.id));
  return { isDone: true };
}

function requeueAfter(now: Date, deployment: DeploymentRow, replicas: readonly ReplicaRow[]): { requeueAfterMs?: number } {
  if (replicas.length === 0) return deployment.is_stopped ? {} : { requeueAfterMs: busyLookMs };
  const isCalm =
    replicas.every(replica => replica.phase === 'ready' && replica.revision === deployment.revision) &&
    replicas.length === (deployment.is_stopped ? 0 : deployment.wanted_replicas);
  if (isCalm) return { requeueAfterMs: calmLookMs };
  const isOnlyPausing = replicas.every(replica => replica.phase === 'crashed');
  const nextMs = Math.min(...replicas.map(replica => Date.parse(replica.next_start_at) - now.getTime()));
  return { requeueAfterMs: isOnlyPausing ? Math.max(busyLookMs, nextMs) : busyLookMs };
}
