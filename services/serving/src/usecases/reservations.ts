import { formatUrn } from '@stratalab/contracts';
import type { ServingParts } from './parts.ts';

export interface ReplicaShare {
  readonly tenant: string;
  readonly name: string;
  readonly index: number;
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** Every replica has a reservation of its own, so that a deployment grows and shrinks in the books one by one. */
function urnOf(share: Pick<ReplicaShare, 'tenant' | 'name' | 'index'>): string {
  return formatUrn({ tenant: share.tenant, kind: 'deployment', name: share.name, version: `replica-${share.index}` });
}

const amountsOf = (share: ReplicaShare) => ({ cpu: share.cpu, 'memory-mib': share.memoryMiB });

/** Takes the quota of some replicas, all or none. @throws quota-exceeded with the numbers */
export async function reserveReplicas(parts: ServingParts, subject: string, shares: readonly ReplicaShare[]): Promise<void> {
  const taken: ReplicaShare[] = [];
  try {
    for (const share of shares) {
      await parts.control(share.tenant, subject).reserveQuota({ params: { tenant: share.tenant }, body: { objectUrn: urnOf(share), amounts: amountsOf(share) } });
      taken.push(share);
    }
  } catch (error) {
    await releaseReplicas(parts, taken);
    throw error;
  }
}

/** Says that the replica exists; idempotent, whatever became of the reservation meanwhile. */
export async function confirmReplica(parts: ServingParts, share: ReplicaShare): Promise<void> {
  await parts.control(share.tenant).confirmReservation({ params: { tenant: share.tenant }, body: { objectUrn: urnOf(share), amounts: amountsOf(share) } });
}

/** Gives the quota of replicas back; idempotent. */
export async function releaseReplicas(parts: ServingParts, shares: readonly Pick<ReplicaShare, 'tenant' | 'name' | 'index'>[]): Promise<void> {
  for (const share of shares) await parts.control(share.tenant).releaseReservation({ params: { tenant: share.tenant }, body: { objectUrn: urnOf(share) } });
}
