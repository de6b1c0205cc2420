import { wake, type Tx } from '@stratalab/kernel';
import { tables } from './tables.ts';

/** Removes everything a tenant has here; the bytes of its documents follow by their reconcilers. */
export async function clearTenant(tx: Tx, tenant: string): Promise<void> {
  const documents = await tables(tx).selectFrom('agents.document').select('id').where('tenant', '=', tenant).execute();
  for (const { id } of documents) await wake(tx, { kind: 'document', objectId: id, tenant });
  await tables(tx).deleteFrom('agents.collection').where('tenant', '=', tenant).execute();
  await tables(tx).deleteFrom('agents.answer').where('tenant', '=', tenant).execute();
  await tables(tx).deleteFrom('agents.milestone').where('tenant', '=', tenant).execute();
}
