import { formatUrn } from '@stratalab/contracts';
import type { Origin } from '@stratalab/contracts/models';
import { appendEvent, type Tx } from '@stratalab/kernel';

export interface Edge {
  readonly from: string;
  readonly to: string;
}

export const runUrn = (tenant: string, id: string): string => formatUrn({ tenant, kind: 'run', name: id });

/** Says, in the transaction of the change, what was made from what. */
export async function recordLineage(tx: Tx, tenant: string, edges: readonly Edge[]): Promise<void> {
  const [first] = edges;
  if (first === undefined) return;
  await appendEvent(tx, { name: 'lineage.recorded.v1', tenant, urn: first.to, data: { edges } });
}

/** Job and data sets lead to the run. */
export function edgesOfRun(tenant: string, runId: string, origin: Origin): readonly Edge[] {
  const to = runUrn(tenant, runId);
  return [...(origin.jobUrn === null ? [] : [{ from: origin.jobUrn, to }]), ...origin.datasets.map(from => ({ from, to }))];
}
