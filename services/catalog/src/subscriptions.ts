import { UrnText, type EventRecord } from '@stratalab/contracts';
import { wake, type Subscription, type Tx } from '@stratalab/kernel';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { insertEdges } from './store/lineage-store.ts';
import { writeSearch } from './store/search-store.ts';
import { tables } from './store/tables.ts';
import { datasetKind } from './usecases/datasets.ts';
import { samplesKind } from './reconcilers/samples.ts';

const Edges = Type.Object({ edges: Type.Array(Type.Object({ from: UrnText, to: UrnText }), { maxItems: 5_000 }) });

/** Keeps the graph of the whole platform: who makes something says so in `lineage.recorded.v1`. */
export const recordLineage: Subscription = {
  consumer: 'catalog/lineage',
  events: ['lineage.recorded.v1'],
  async handle(tx, event) {
    if (Value.Check(Edges, event.data)) await insertEdges(tx, event.tenant, event.data.edges);
  }
};

/** A sample tenant gets its datasets; a deleted tenant loses its own. */
export const followTenants: Subscription = {
  consumer: 'catalog/tenants',
  events: ['tenant.created.v1', 'tenant.deleted.v1'],
  handle: (tx, event) => (event.name === 'tenant.created.v1' ? fill(tx, event) : clear(tx, event.tenant))
};

async function fill(tx: Tx, event: EventRecord): Promise<void> {
  if (event.data['isSample'] === true) await wake(tx, { kind: samplesKind, objectId: event.tenant, tenant: event.tenant });
}

async function clear(tx: Tx, tenant: string): Promise<void> {
  const rows = await tables(tx).updateTable('catalog.dataset').set({ state: 'deleting' }).where('tenant', '=', tenant).where('state', '=', 'active').returning('name').execute();
  for (const { name } of rows) {
    await writeSearch(tx, tenant, name);
    await wake(tx, { kind: datasetKind, objectId: `${tenant}/${name}`, tenant });
  }
  await tables(tx).deleteFrom('catalog.lineage_edge').where('tenant', '=', tenant).execute();
}
