import { formatUrn, Problem } from '@stratalab/contracts';
import { appendEvent, wake, type Call } from '@stratalab/kernel';
import { tables } from '../store/tables.ts';

/**
 * Starts the deletion of a tenant: members lose access at once, services clear what they hold when they hear of it.
 * @throws invalid-request when `confirm` is not the tenant's name
 */
export async function deleteTenant(call: Call, confirm: string): Promise<void> {
  if (confirm !== call.tenant) throw new Problem('invalid-request', { detail: 'Repeat the name of the tenant to confirm.', hint: `confirm=${call.tenant}` });
  await call.commit(
    async tx => {
      const result = await tables(tx).updateTable('control.tenant').set({ state: 'deleting' }).where('name', '=', call.tenant).executeTakeFirst();
      if (result.numUpdatedRows === 0n) throw new Problem('not-found');
      await appendEvent(tx, {
        name: 'tenant.deleted.v1',
        tenant: call.tenant,
        subject: call.actor.subject,
        urn: formatUrn({ tenant: call.tenant, kind: 'tenant', name: call.tenant }),
        data: {}
      });
      await wake(tx, { kind: 'tenant', objectId: call.tenant, tenant: call.tenant });
    },
    () => formatUrn({ tenant: call.tenant, kind: 'tenant', name: call.tenant })
  );
}
