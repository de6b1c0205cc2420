import type { Reconciler } from '@stratalab/kernel';
import type { ControlPorts } from '../ports.ts';
import { expireHeld } from '../store/quota-store.ts';
import { findTenant } from '../store/tenant-store.ts';
import { tables } from '../store/tables.ts';

const sweepMs = 30_000;

/**
 * Keeps a tenant as its record says: groups in the Hub exist while it is active, held reservations that nobody confirmed are given back,
 * and a tenant being deleted loses its groups and then its record.
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
      if (tenant.state === 'deleting') {
        await ports.people.removeTenant(tenant.name);
        await context.write(tx => tables(tx).deleteFrom('control.tenant').where('name', '=', tenant.name).execute());
        return { isDone: true };
      }
      await ports.people.createTenant(tenant.name);
      if (tenant.isSample && (await ports.people.members(tenant.name)).length === 0) await ports.people.setRole(tenant.name, ports.firstAdministrator, 'admin');
      await context.write(tx => expireHeld(tx, tenant.name));
      return { requeueAfterMs: sweepMs };
    }
  };
}
