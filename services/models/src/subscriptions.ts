import { wake, type Subscription, type Tx } from '@stratalab/kernel';
import { sampleKind } from './reconcilers/sample-model.ts';
import { noteRemovals } from './store/artifact-store.ts';
import { ensureDefaultExperiment } from './store/experiment-store.ts';
import { tables } from './store/tables.ts';
import { removalKind } from './usecases/artifacts.ts';

/** A new tenant gets its default experiment, the sample tenant a model; a deleted one leaves nothing. */
export const tenantSubscription: Subscription = {
  consumer: 'models/tenants',
  events: ['tenant.created.v1', 'tenant.deleted.v1'],
  async handle(tx, event) {
    const { tenant } = event;
    if (event.name === 'tenant.deleted.v1') return forgetTenant(tx, tenant);
    await ensureDefaultExperiment(tx, tenant);
    if (event.data['isSample'] === true) await wake(tx, { kind: sampleKind, objectId: tenant, tenant });
  }
};

async function forgetTenant(tx: Tx, tenant: string): Promise<void> {
  const owned = tables(tx);
  await owned.deleteFrom('models.model').where('tenant', '=', tenant).execute();
  await owned.deleteFrom('models.experiment').where('tenant', '=', tenant).execute();
  await owned.deleteFrom('models.artifact').where('tenant', '=', tenant).execute();
  await owned.deleteFrom('models.milestone').where('tenant', '=', tenant).execute();
  await noteRemovals(tx, tenant, ['models']);
  await wake(tx, { kind: removalKind, objectId: tenant, tenant });
}
