import { formatUrn } from '@stratalab/contracts';
import { appendEvent, wake, type Database } from '@stratalab/kernel';
import { defaultLimits } from '../domain/quota.ts';
import type { ControlPorts } from '../ports.ts';
import { insertQuotas } from '../store/quota-store.ts';
import { tables } from '../store/tables.ts';
import { insertTenant } from '../store/tenant-store.ts';
import { wakePlace } from './wake-place.ts';

const sample = { name: 'demo', displayName: 'Demo', isSample: true };

/** Creates the tenant `demo` on the first start of an installation, once: a sample that was removed does not come back. */
export async function seedSampleTenant(database: Database, ports: ControlPorts): Promise<void> {
  await database.asSystem('seed the sample tenant', async tx => {
    const marked = await tables(tx)
      .insertInto('control.milestone')
      .values({ name: 'sample-tenant' })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirst();
    if (Number(marked.numInsertedOrUpdatedRows ?? 0n) === 0) return;
    await insertTenant(tx, sample);
    await insertQuotas(tx, sample.name, defaultLimits(ports.machine));
    await appendEvent(tx, { name: 'tenant.created.v1', tenant: sample.name, urn: formatUrn({ tenant: sample.name, kind: 'tenant', name: sample.name }), data: { isSample: true } });
    await wake(tx, { kind: 'tenant', objectId: sample.name, tenant: sample.name });
    await wakePlace(tx, ports, sample.name);
  });
}
