import { formatUrn, Problem } from '@stratalab/contracts';
import type { Amounts, Quota, Reservation, ResourceName } from '@stratalab/contracts/control';
import { appendEvent, type Call } from '@stratalab/kernel';
import type { ControlPorts } from '../ports.ts';
import { confirmHeld, dropReservation, holdReservation, readQuotas, setLimit, type ReservationRow } from '../store/quota-store.ts';
import { findTenant } from '../store/tenant-store.ts';
import { wakePlace } from './wake-place.ts';

/** Limits with what is used and held, in the order of the resource table. */
export async function getQuotas(call: Call): Promise<{ items: Quota[] }> {
  return { items: await call.read(tx => readQuotas(tx, call.tenant)) };
}

/** Sets one limit, here and in the tenant's place on the cluster; lowering it below what is used refuses what comes next and stops nothing. */
export async function setQuota(ports: Pick<ControlPorts, 'places'>, call: Call, input: { readonly resource: ResourceName; readonly limit: number | null }): Promise<Quota> {
  return call.commit(async tx => {
    const quota = await setLimit(tx, { tenant: call.tenant, ...input });
    if (quota === undefined) throw new Problem('not-found', { detail: 'This tenant has no such quota.' });
    await appendEvent(tx, {
      name: 'quota.changed.v1',
      tenant: call.tenant,
      subject: call.actor.subject,
      urn: formatUrn({ tenant: call.tenant, kind: 'tenant', name: call.tenant }),
      data: { resource: input.resource, limit: input.limit }
    });
    await wakePlace(tx, ports, call.tenant);
    return quota;
  });
}

/**
 * Holds quota for an object before it is created; idempotent by object.
 * @throws quota-exceeded (409) with limit, used, requested and a hint; nothing is held then; invalid-state in a closed tenant
 */
export async function reserveQuota(call: Call, input: { readonly objectUrn: string; readonly amounts: Amounts; readonly expiresInSeconds: number }): Promise<Reservation> {
  return call.commit(
    async tx => {
      if ((await findTenant(tx, call.tenant))?.state === 'closed') throw new Problem('invalid-state', { detail: 'This tenant is closed; nothing new starts in it.' });
      return reservationOf(await holdReservation(tx, { tenant: call.tenant, ...input }));
    },
    reservation => reservation.objectUrn
  );
}

/**
 * Says that the object exists, so the quota counts as used until it is released; idempotent. When `amounts` are given they are what it
 * really takes, whatever was held and whatever the limit, also when the reservation expired meanwhile: the object exists, and the books must
 * show it.
 * @throws not-found when there is no reservation and no amounts were given
 */
export async function confirmReservation(call: Call, input: { readonly objectUrn: string; readonly amounts?: Amounts | undefined }): Promise<Reservation> {
  return call.commit(
    async tx => {
      const row = await confirmHeld(tx, call.tenant, input.objectUrn, input.amounts);
      if (row !== undefined) return reservationOf(row);
      if (input.amounts === undefined) throw new Problem('not-found', { detail: 'There is no reservation for this object.' });
      await holdReservation(tx, { tenant: call.tenant, objectUrn: input.objectUrn, amounts: input.amounts, expiresInSeconds: 60, isOverLimitAccepted: true });
      const taken = await confirmHeld(tx, call.tenant, input.objectUrn);
      if (taken === undefined) throw new Error('The reservation that was just taken is not there.');
      return reservationOf(taken);
    },
    reservation => reservation.objectUrn
  );
}

/** Gives back what an object held or used; idempotent. */
export async function releaseReservation(call: Call, input: { readonly objectUrn: string }): Promise<void> {
  await call.commit(
    tx => dropReservation(tx, call.tenant, input.objectUrn),
    () => input.objectUrn
  );
}

function reservationOf(row: ReservationRow): Reservation {
  return { id: row.id, objectUrn: row.object_urn, amounts: row.amounts, state: row.state, expiresAt: row.expires_at };
}
