import { Problem } from '@stratalab/contracts';
import type { Deployment, DeploymentInput } from '@stratalab/contracts/serving';
import { appendEvent, newId, wake, type Call } from '@stratalab/kernel';
import { demandOf } from '../domain/fit.ts';
import { findDeployment, insertDeployment } from '../store/deployment-store.ts';
import { deploymentUrn, endpointUrn, viewDeployments } from './deployment-view.ts';
import type { ServingParts } from './parts.ts';
import { releaseReplicas, reserveReplicas } from './reservations.ts';
import { chooseServableModel } from './resolve-model.ts';

/**
 * Serves a model version under a name: quota first, then the record; its replicas follow by the reconciler.
 * @throws already-exists, not-found, invalid-state (quarantine), unsupported-format, quota-exceeded with the numbers
 */
export async function deployModel(parts: ServingParts, call: Call, input: DeploymentInput): Promise<Deployment> {
  const { tenant } = call;
  const { subject } = call.actor;
  if (input.name === parts.embedder.model || (await call.read(tx => findDeployment(tx, tenant, input.name))) !== undefined) throw taken(input.name);
  const chosen = await chooseServableModel(parts, call, input);
  const demand = demandOf(chosen.facts, input.contextTokens);
  const replicas = input.replicas ?? 1;
  const shares = Array.from({ length: replicas }, (_unused, index) => ({ tenant, name: input.name, index, cpu: demand.cpu, memoryMiB: demand.memoryMiB }));
  await reserveReplicas(parts, subject, shares);
  try {
    return await call.commit(
      async tx => {
        const id = newId();
        const { served, files } = chosen;
        const isNew = await insertDeployment(tx, {
          id,
          tenant,
          name: input.name,
          kind: chosen.facts.kind,
          model_name: served.name,
          model_version: served.version,
          model_alias: served.alias,
          model_urn: served.urn,
          format: files.format,
          folder: files.folder,
          entry_file: files.entryFile ?? null,
          size_bytes: files.sizeBytes,
          context_tokens: demand.contextTokens,
          parallel: demand.parallel,
          cpu: demand.cpu,
          memory_mib: demand.memoryMiB,
          wanted_replicas: replicas,
          created_by: subject,
          message: 'Starting; the first replica is being made.'
        });
        if (!isNew) throw taken(input.name);
        const urn = deploymentUrn(tenant, input.name);
        const edges = [
          { from: served.urn, to: urn },
          { from: urn, to: endpointUrn(tenant, input.name) }
        ];
        await appendEvent(tx, { name: 'lineage.recorded.v1', tenant, subject, urn, data: { edges } });
        await appendEvent(tx, { name: 'deployment.changed.v1', tenant, subject, urn, data: { deployment: input.name, state: 'starting' } });
        await wake(tx, { kind: 'deployment', objectId: id, tenant });
        const row = await findDeployment(tx, tenant, input.name);
        const [view] = row === undefined ? [] : await viewDeployments(tx, tenant, [row], { now: parts.now(), active: parts.router.active });
        if (view === undefined) throw new Error('The deployment that was just inserted is not there.');
        return view;
      },
      deployment => deployment.urn
    );
  } catch (error) {
    // A twin of the same name keeps its own reservation: it is the same object to the books.
    if (!(error instanceof Problem && error.code === 'already-exists')) await releaseReplicas(parts, shares);
    throw error;
  }
}

function taken(name: string): Problem {
  return new Problem('already-exists', { detail: `There is an endpoint '${name}' already.`, hint: 'Choose another name, or change the version of the existing deployment.' });
}
