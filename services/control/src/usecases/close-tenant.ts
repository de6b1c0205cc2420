import { formatUrn, Problem } from '@stratalab/contracts';
import type { Tenant } from '@stratalab/contracts/control';
import { appendEvent, wake, type Call } from '@stratalab/kernel';
import type { ControlPorts } from '../ports.ts';
import { keepClosedMembers } from '../store/closed-member-store.ts';
import { lockTenant, setTenantState } from '../store/tenant-store.ts';
import { wakePlace } from './wake-place.ts';

const urnOf = (tenant: string): string => formatUrn({ tenant, kind: 'tenant', name: tenant });

/**
 * Closes a tenant: its members and keys lose access, what runs is stopped and its place on the cluster is removed, by the reconciler and by the services that
 * hear of it. All it has is kept, and who its members are. Idempotent. @throws invalid-state while it is being deleted
 */
export async function closeTenant(ports: ControlPorts, call: Call): Promise<Tenant> {
  const members = await ports.people.members(call.tenant);
  return call.commit(
    async tx => {
      const tenant = await lockTenant(tx, call.tenant);
      if (tenant === undefined) throw new Problem('not-found');
      if (tenant.state === 'deleting') throw new Problem('invalid-state', { detail: 'This tenant is being deleted.' });
      if (tenant.state === 'closed') return tenant;
      await keepClosedMembers(tx, call.tenant, members);
      const closed = await setTenantState(tx, call.tenant, 'closed');
      await appendEvent(tx, { name: 'tenant.closed.v1', tenant: call.tenant, subject: call.actor.subject, urn: urnOf(call.tenant), data: {} });
      await wake(tx, { kind: 'tenant', objectId: call.tenant, tenant: call.tenant });
      return closed;
    },
    () => urnOf(call.tenant)
  );
}

/** Opens a closed tenant again: its members have the roles they had; jobs and endpoints stay stopped. Idempotent. @throws invalid-state while it is being deleted */
export async function reopenTenant(ports: ControlPorts, call: Call): Promise<Tenant> {
  return call.commit(
    async tx => {
      const tenant = await lockTenant(tx, call.tenant);
      if (tenant === undefined) throw new Problem('not-found');
      if (tenant.state === 'deleting') throw new Problem('invalid-state', { detail: 'This tenant is being deleted; it cannot come back.' });
      if (tenant.state === 'active') return tenant;
      const opened = await setTenantState(tx, call.tenant, 'active');
      await appendEvent(tx, { name: 'tenant.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: urnOf(call.tenant), data: { state: 'active' } });
      await wake(tx, { kind: 'tenant', objectId: call.tenant, tenant: call.tenant });
      await wakePlace(tx, ports, call.tenant);
      return opened;
    },
    () => urnOf(call.tenant)
  );
}
