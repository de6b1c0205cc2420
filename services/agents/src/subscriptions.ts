import { wake, type Subscription } from '@stratalab/kernel';
import { sampleKind } from './reconcilers/sample-collection.ts';
import { clearTenant } from './store/tenant-store.ts';

/** A new sample tenant gets its collection; a deleted tenant loses everything. */
export const subscriptions: readonly Subscription[] = [
  {
    consumer: 'agents/tenants',
    events: ['tenant.created.v1', 'tenant.deleted.v1'],
    async handle(tx, event) {
      if (event.name === 'tenant.deleted.v1') return clearTenant(tx, event.tenant);
      if (event.data['isSample'] === true) await wake(tx, { kind: sampleKind, objectId: event.tenant, tenant: event.tenant });
    }
  }
];
