import type { PlaceRepair, TenantPlace } from '@stratalab/contracts/control';
import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { tables } from './tables.ts';

const keptRepairs = 50;

export async function readPlace(tx: Tx, tenant: string): Promise<Omit<TenantPlace, 'isOnCluster'>> {
  const row = await tables(tx).selectFrom('control.place').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  if (row === undefined) return { checkedAt: null, problem: null, repairs: [], foreignObjects: [] };
  return { checkedAt: row.checked_at, problem: row.problem, repairs: [...row.repairs], foreignObjects: [...row.foreign_objects] };
}

/** Writes down what a look found; the latest 50 repairs are kept. */
export async function writePlace(
  tx: Tx,
  tenant: string,
  look: { readonly problem: string | null; readonly repairs: readonly PlaceRepair[]; readonly foreignObjects: readonly string[] }
): Promise<void> {
  const before = await readPlace(tx, tenant);
  const found = {
    problem: look.problem,
    repairs: JSON.stringify([...look.repairs, ...before.repairs].slice(0, keptRepairs)),
    foreign_objects: JSON.stringify(look.foreignObjects)
  };
  await tables(tx)
    .insertInto('control.place')
    .values({ tenant, ...found })
    .onConflict(conflict => conflict.column('tenant').doUpdateSet({ ...found, checked_at: sql<string>`now()` }))
    .execute();
}
