import type { Tx } from '@stratalab/kernel';
import { tables } from './tables.ts';

export async function hasMilestone(tx: Tx, name: string): Promise<boolean> {
  return (await tables(tx).selectFrom('agents.milestone').select('name').where('name', '=', name).executeTakeFirst()) !== undefined;
}

export async function reachMilestone(tx: Tx, tenant: string, name: string): Promise<void> {
  await tables(tx)
    .insertInto('agents.milestone')
    .values({ tenant, name })
    .onConflict(conflict => conflict.doNothing())
    .execute();
}
