import { formatUrn, Problem } from '@stratalab/contracts';
import type { PlaceRepair, Quota, ResourceName } from '@stratalab/contracts/control';
import { appendEvent, recordAudit, serviceActor, type Clock, type PlaceDrift, type Reconciler, type TenantLimits, type TenantPlaces, type Tx } from '@stratalab/kernel';
import { readPlace, writePlace } from '../store/place-store.ts';
import { readQuotas } from '../store/quota-store.ts';
import { tables } from '../store/tables.ts';
import { findTenant } from '../store/tenant-store.ts';
import { placeKind } from '../usecases/wake-place.ts';

const removalLookMs = 1_000;

export interface PlaceReconcilerParts {
  readonly places: TenantPlaces;
  readonly clock: Clock;
  /** How often a place is looked at when nothing is said to have changed. */
  readonly checkMs: number;
}

/**
 * Keeps the place of a tenant on the cluster as its quotas say. What others changed there is put back and told: as an event, in the audit log and on the
 * administration page. A place that cannot be put right says why there too.
 */
export function createPlaceReconciler({ places, clock, checkMs }: PlaceReconcilerParts): Reconciler {
  return {
    kind: placeKind,
    leaseMs: 120_000,
    async list(tx) {
      const rows = await tables(tx).selectFrom('control.tenant').select('name').where('state', '=', 'active').execute();
      return rows.map(({ name }) => ({ id: name, tenant: name }));
    },
    resyncMs: checkMs,
    async reconcile(context) {
      const { tenant, limits } = await context.read(async tx => ({ tenant: await findTenant(tx, context.id), limits: limitsOf(await readQuotas(tx, context.id)) }));
      // The reconciler of tenants takes the place of a closed one away; a look here that was under way then may have made it again.
      if (tenant?.state !== 'active') return (await places.remove(context.id)) ? { isDone: true } : { requeueAfterMs: removalLookMs };
      try {
        const drift = await places.ensure(tenant.name, limits);
        await context.write(tx => tell(tx, tenant.name, drift, clock.now()));
        return { requeueAfterMs: checkMs };
      } catch (error) {
        const problem = error instanceof Problem ? (error.details.detail ?? error.message) : 'The cluster gave an answer that nobody expected; see the log.';
        await context.write(async tx => {
          const { foreignObjects } = await readPlace(tx, tenant.name);
          await writePlace(tx, tenant.name, { problem, repairs: [], foreignObjects });
        });
        throw error;
      }
    }
  };
}

async function tell(tx: Tx, tenant: string, drift: readonly PlaceDrift[], now: Date): Promise<void> {
  const repairs = drift.flatMap(({ object, change, fields }): PlaceRepair[] => (change === 'foreign' ? [] : [{ time: now.toISOString(), object, change, fields: [...fields] }]));
  const foreignObjects = drift.filter(({ change }) => change === 'foreign').map(({ object }) => object);
  const before = await readPlace(tx, tenant);
  await writePlace(tx, tenant, { problem: null, repairs, foreignObjects });
  const appeared = foreignObjects.filter(object => !before.foreignObjects.includes(object));
  if (repairs.length === 0 && appeared.length === 0) return;
  const urn = formatUrn({ tenant, kind: 'tenant', name: tenant });
  await appendEvent(tx, { name: 'tenant.place-repaired.v1', tenant, urn, data: { repaired: repairs.map(({ object }) => object), foreign: appeared } });
  const said = [
    ...repairs.map(({ object, change, fields }) => `${object} ${change === 'missing' ? 'made again' : `put back: ${fields.join(', ')}`}`),
    ...appeared.map(object => `${object} is not ours`)
  ];
  const actor = serviceActor('control', tenant);
  await recordAudit(
    tx,
    { tenant, actor, action: 'tenant.place-repair', operation: 'reconcile', target: urn, decision: 'allowed', reason: said.join('; ').slice(0, 1000), requestId: '' },
    now
  );
}

function limitsOf(quotas: readonly Quota[]): TenantLimits {
  const limit = (resource: ResourceName): number | null => quotas.find(quota => quota.resource === resource)?.limit ?? null;
  return { cpu: limit('cpu'), memoryMiB: limit('memory-mib'), gpu: limit('gpu'), jobs: limit('jobs'), workspaces: limit('workspaces') };
}
