import { formatUrn } from '@stratalab/contracts';
import type { Deployment, Replica, ServedModel } from '@stratalab/contracts/serving';
import type { Tx } from '@stratalab/kernel';
import type { DeploymentRow } from '../store/deployment-store.ts';
import { listReplicas, type ReplicaRow } from '../store/replica-store.ts';
import { usageOfDay, type UsageTotal } from '../store/usage-store.ts';

export interface ViewParts {
  readonly now: Date;
  /** Calls in flight at a replica. */
  readonly active: (replicaId: string) => number;
}

const noUsage: UsageTotal = { requests: 0, inputTokens: 0, outputTokens: 0 };

/** Rows of deployments as the contract shows them, with replicas and today's use. */
export async function viewDeployments(tx: Tx, tenant: string, rows: readonly DeploymentRow[], parts: ViewParts): Promise<Deployment[]> {
  const replicas = await listReplicas(
    tx,
    rows.map(row => row.id)
  );
  const usage = await usageOfDay(tx, tenant, { day: dayOf(parts.now), names: rows.map(row => row.name) });
  return rows.map(row => view(row, { replicas: replicas.filter(replica => replica.deployment_id === row.id), usage: usage.get(row.name) ?? noUsage, active: parts.active }));
}

export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

export function deploymentUrn(tenant: string, name: string): string {
  return formatUrn({ tenant, kind: 'deployment', name });
}

export function endpointUrn(tenant: string, name: string): string {
  return formatUrn({ tenant, kind: 'endpoint', name });
}

export function servedModelOf(row: DeploymentRow): ServedModel {
  return { name: row.model_name, version: row.model_version, alias: row.model_alias, urn: row.model_urn, format: row.format, sizeBytes: row.size_bytes };
}

function view(row: DeploymentRow, parts: { readonly replicas: readonly ReplicaRow[]; readonly usage: UsageTotal; readonly active: (id: string) => number }): Deployment {
  return {
    name: row.name,
    urn: deploymentUrn(row.tenant, row.name),
    endpointUrn: endpointUrn(row.tenant, row.name),
    kind: row.kind,
    model: servedModelOf(row),
    state: row.state,
    message: row.message,
    wantedReplicas: row.is_stopped ? 0 : row.wanted_replicas,
    readyReplicas: row.ready_replicas,
    replicas: parts.replicas.map(replica => replicaOf(replica, parts.active(replica.id))),
    resources: { cpu: row.cpu, memoryMiB: row.memory_mib },
    contextTokens: row.context_tokens,
    conditions: [...row.conditions],
    generation: row.generation,
    observedGeneration: row.observed_generation,
    usageToday: parts.usage,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at
  };
}

function replicaOf(row: ReplicaRow, activeRequests: number): Replica {
  return { index: row.index, phase: row.phase, message: row.message, restarts: row.restarts, startedAt: row.started_at, activeRequests };
}
