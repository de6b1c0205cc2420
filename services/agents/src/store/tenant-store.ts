import { wakeAll, type Tx } from '@stratalab/kernel';
import { tables } from './tables.ts';

/** Removes everything a tenant has here; the bytes of its documents follow by their reconcilers. */
export async function clearTenant(tx: Tx, tenant: string): Promise<void> {
  const documents = await tables(tx).selectFrom('agents.document').select(['id', 'tenant']).where('tenant', '=', tenant).execute();
  await wakeAll(tx, 'document', documents);
  await tables(tx).deleteFrom('agents.collection').where('tenant', '=', tenant).execute();
  await tables(tx).deleteFrom('agents.answer').where('tenant', '=', tenant).execute();
  await tables(tx).deleteFrom('agents.milestone').where('tenant', '=', tenant).execute();
}
