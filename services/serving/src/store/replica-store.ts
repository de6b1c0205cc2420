import type { ReplicaPhase } from '@stratalab/contracts/serving';
import type { Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type ServingTables } from './tables.ts';

export type ReplicaRow = Selectable<ServingTables['serving.replica']>;

/** The replica's name outside: the same for every start at this index, so that its log goes on. */
export function replicaId(deploymentId: string, index: number): string {
  return `${deploymentId}-${index}`;
}

export async function listReplicas(tx: Tx, deploymentIds: readonly string[]): Promise<readonly ReplicaRow[]> {
  if (deploymentIds.length === 0) return [];
  return tables(tx).selectFrom('serving.replica').selectAll().where('deployment_id', 'in', deploymentIds).orderBy('deployment_id').orderBy('index').execute();
}

export async function insertReplica(tx: Tx, replica: { readonly tenant: string; readonly deploymentId: string; readonly index: number; readonly revision: number }): Promise<void> {
  await tables(tx)
    .insertInto('serving.replica')
    .values({
      id: replicaId(replica.deploymentId, replica.index),
      tenant: replica.tenant,
      deployment_id: replica.deploymentId,
      index: replica.index,
      revision: replica.revision,
      phase: 'pending',
      message: 'Waiting to be started.'
    })
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

export interface ReplicaChange {
  readonly phase: ReplicaPhase;
  readonly message: string;
  readonly restarts?: number;
  readonly started_at?: string | null;
  readonly ready_at?: string | null;
  readonly next_start_at?: string;
}

export async function changeReplica(tx: Tx, id: string, change: ReplicaChange): Promise<void> {
  await tables(tx).updateTable('serving.replica').set(change).where('id', '=', id).execute();
}

export async function markDraining(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tables(tx)
    .updateTable('serving.replica')
    .set({ phase: 'draining', message: 'Finishing calls in flight.', draining_since: sql<string>`now()` })
    .where('id', 'in', ids)
    .execute();
}

export async function removeReplica(tx: Tx, id: string): Promise<void> {
  await tables(tx).deleteFrom('serving.replica').where('id', '=', id).execute();
}
