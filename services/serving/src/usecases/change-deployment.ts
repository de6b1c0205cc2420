import { Problem } from '@stratalab/contracts';
import type { Deployment, DeploymentChange } from '@stratalab/contracts/serving';
import { appendEvent, wake, type Call, type Tx } from '@stratalab/kernel';
import { demandOf } from '../domain/fit.ts';
import { changeSpec, findDeployment, markDeleted, type DeploymentRow, type SpecChange } from '../store/deployment-store.ts';
import { deploymentUrn, viewDeployments } from './deployment-view.ts';
import type { ServingParts } from './parts.ts';
import { noDeployment } from './read-deployments.ts';
import { releaseReplicas, reserveReplicas } from './reservations.ts';
import { chooseServableModel } from './resolve-model.ts';

const startingAgain = { state: 'starting', message: 'Starting; the first replica is being made.' } as const;

/**
 * Changes the number of replicas or the version, and starts a stopped deployment. New replicas take their quota first.
 * @throws not-found, quota-exceeded, invalid-state, unsupported-format
 */
export async function updateDeployment(parts: ServingParts, call: Call, input: DeploymentChange & { readonly name: string }): Promise<Deployment> {
  const { tenant } = call;
  const row = await call.read(tx => findDeployment(tx, tenant, input.name));
  if (row === undefined) throw noDeployment(input.name);
  const replacement = await otherVersion(parts, call, { row, input });
  const memoryMiB = replacement?.memory_mib ?? row.memory_mib;
  const from = row.is_stopped ? 0 : row.wanted_replicas;
  const shares = Array.from({ length: Math.max(0, input.replicas - from) }, (_unused, offset) => ({ tenant, name: row.name, index: from + offset, cpu: row.cpu, memoryMiB }));
  await reserveReplicas(parts, call.actor.subject, shares);
  try {
    const changed = await call.commit(
      tx =>
        write(parts, call, {
          tx,
          row,
          change: {
            ...replacement,
            wanted_replicas: input.replicas,
            is_stopped: false,
            ...(row.is_stopped ? startingAgain : {}),
            ...(replacement === undefined ? {} : { isReplacing: true })
          }
        }),
      deployment => deployment.urn
    );
    parts.router.invalidate(tenant, row.name);
    return changed;
  } catch (error) {
    await releaseReplicas(parts, shares);
    throw error;
  }
}

/** Finishes calls in flight, then stops every replica; the quota comes back with each. Idempotent. */
export async function stopDeployment(parts: ServingParts, call: Call, name: string): Promise<Deployment> {
  const row = await call.read(tx => findDeployment(tx, call.tenant, name));
  if (row === undefined) throw noDeployment(name);
  const change = row.is_stopped ? {} : { is_stopped: true, state: 'stopping' as const, message: 'Stopping: calls in flight are finished first.' };
  const changed = await call.commit(
    tx => write(parts, call, { tx, row, change }),
    deployment => deployment.urn
  );
  parts.router.invalidate(call.tenant, name);
  return changed;
}

/** Stops a deployment and forgets it; its endpoint is gone at once, calls in flight are finished. */
export async function deleteDeployment(parts: ServingParts, call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      const row = await findDeployment(tx, call.tenant, name);
      if (row === undefined) throw noDeployment(name);
      await markDeleted(tx, row.id);
      const urn = deploymentUrn(call.tenant, name);
      await appendEvent(tx, { name: 'deployment.gone.v1', tenant: call.tenant, subject: call.actor.subject, urn, data: { deployment: name } });
      await wake(tx, { kind: 'deployment', objectId: row.id, tenant: call.tenant });
    },
    () => deploymentUrn(call.tenant, name)
  );
  parts.router.invalidate(call.tenant, name);
}

async function otherVersion(
  parts: ServingParts,
  call: Call,
  { row, input }: { readonly row: DeploymentRow; readonly input: DeploymentChange }
): Promise<(SpecChange & { readonly memory_mib: number }) | undefined> {
  if (input.version === undefined && input.alias === undefined) return undefined;
  const { served, files, facts } = await chooseServableModel(parts, call, { model: row.model_name, version: input.version, alias: input.alias });
  if (served.version === row.model_version && served.alias === row.model_alias) return undefined;
  if (facts.kind !== row.kind)
    throw new Problem('invalid-state', { detail: `Version ${served.version} is of another kind than what this endpoint serves.`, hint: 'Deploy it under a name of its own.' });
  return {
    model_version: served.version,
    model_alias: served.alias,
    model_urn: served.urn,
    format: files.format,
    folder: files.folder,
    entry_file: files.entryFile ?? null,
    size_bytes: files.sizeBytes,
    memory_mib: demandOf(facts, row.context_tokens ?? undefined).memoryMiB
  };
}

async function write(
  parts: ServingParts,
  call: Call,
  { tx, row, change }: { readonly tx: Tx; readonly row: DeploymentRow; readonly change: SpecChange & { readonly isReplacing?: boolean } }
): Promise<Deployment> {
  const { tenant } = call;
  const { subject } = call.actor;
  const urn = deploymentUrn(tenant, row.name);
  const changed = await changeSpec(tx, row.id, change);
  if (changed.model_urn !== row.model_urn) await appendEvent(tx, { name: 'lineage.recorded.v1', tenant, subject, urn, data: { edges: [{ from: changed.model_urn, to: urn }] } });
  await appendEvent(tx, { name: 'deployment.changed.v1', tenant, subject, urn, data: { deployment: row.name, state: changed.state } });
  await wake(tx, { kind: 'deployment', objectId: row.id, tenant });
  const [view] = await viewDeployments(tx, tenant, [changed], { now: parts.now(), active: parts.router.active });
  if (view === undefined) throw new Error('The deployment that was just changed is not there.');
  return view;
}
