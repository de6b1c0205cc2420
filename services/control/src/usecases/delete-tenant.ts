import { formatUrn, Problem } from '@stratalab/contracts';
import { appendEvent, wake, type Call } from '@stratalab/kernel';
import { lockTenant, setTenantState } from '../store/tenant-store.ts';

/**
 * Deletes a closed tenant for good: services clear what they hold when they hear of it, then its record goes.
 * @throws invalid-request when `confirm` is not the tenant's name; invalid-state while it is open
 */
export async function deleteTenant(call: Call, confirm: string): Promise<void> {
  if (confirm !== call.tenant) throw new Problem('invalid-request', { detail: 'Repeat the name of the tenant to confirm.', hint: `confirm=${call.tenant}` });
  const urn = formatUrn({ tenant: call.tenant, kind: 'tenant', name: call.tenant });
  await call.commit(
    async tx => {
      const tenant = await lockTenant(tx, call.tenant);
      if (tenant === undefined) throw new Problem('not-found');
      if (tenant.state === 'active') {
        throw new Problem('invalid-state', { detail: 'People still work in this tenant.', hint: 'Close it first; a closed tenant keeps everything and can be opened again.' });
      }
      await setTenantState(tx, call.tenant, 'deleting');
      await appendEvent(tx, { name: 'tenant.deleted.v1', tenant: call.tenant, subject: call.actor.subject, urn, data: {} });
      await wake(tx, { kind: 'tenant', objectId: call.tenant, tenant: call.tenant });
    },
    () => urn
  );
}
