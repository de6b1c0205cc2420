import type { Reconciler } from '@stratalab/kernel';
import type { ControlPorts } from '../ports.ts';
import { forgetClosedMember, readClosedMembers } from '../store/closed-member-store.ts';
import { forgetProfileTenant } from '../store/profile-store.ts';
import { expireHeld } from '../store/quota-store.ts';
import { findTenant } from '../store/tenant-store.ts';
import { tables } from '../store/tables.ts';

const sweepMs = 30_000;
const removalLookMs = 1_000;

/**
 * Keeps a tenant as its record says: groups in the Hub exist while it is active, held reservations that nobody confirmed are given back,
 * a closed tenant loses its groups and its place on the cluster, and one being deleted then its record too. One that is opened again gets its members back.
 */
export function createTenantReconciler(ports: ControlPorts): Reconciler {
  return {
    kind: 'tenant',
    async list(tx) {
      const rows = await tables(tx).selectFrom('control.tenant').select('name').execute();
      return rows.map(row => ({ id: row.name, tenant: row.name }));
    },
    async reconcile(context) {
      const tenant = await context.read(tx => findTenant(tx, context.id));
      if (tenant === undefined) return { isDone: true };
      if (tenant.state !== 'active') {
        await ports.people.removeTenant(tenant.name);
        if (ports.places !== undefined && !(await ports.places.remove(tenant.name))) return { requeueAfterMs: removalLookMs };
        if (tenant.state === 'closed') return { isDone: true };
        await context.write(async tx => {
          await forgetProfileTenant(tx, tenant.name);
          await tables(tx).deleteFrom('control.tenant').where('name', '=', tenant.name).execute();
        });
        return { isDone: true };
      }
      await ports.people.createTenant(tenant.name);
      for (const { user, role } of await context.read(tx => readClosedMembers(tx, tenant.name))) {
        await ports.people.setRole(tenant.name, user, role);
        await context.write(tx => forgetClosedMember(tx, tenant.name, user));
      }
      if (tenant.isSample && (await ports.people.members(tenant.name)).length === 0) await ports.people.setRole(tenant.name, ports.firstAdministrator, 'admin');
      await context.write(tx => expireHeld(tx, tenant.name));
      return { requeueAfterMs: sweepMs };
    }
  };
}
