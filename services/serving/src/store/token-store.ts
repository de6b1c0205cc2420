import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { tables } from './tables.ts';

/**
 * Takes tokens out of a day's quota, under the lock of its row: `wanted` if they are there, else what is there when that is at least `least`.
 * Answers how many were taken (0: too few are left) and how many are taken now in all.
 */
export async function takeTokens(
  tx: Tx,
  request: { readonly tenant: string; readonly day: string; readonly limit: number; readonly least: number; readonly wanted: number }
): Promise<{ readonly granted: number; readonly taken: number }> {
  const { tenant, day } = request;
  await tables(tx)
    .insertInto('serving.token_day')
    .values({ tenant, day })
    .onConflict(conflict => conflict.doNothing())
    .execute();
  const row = await tables(tx).selectFrom('serving.token_day').select('taken').where('tenant', '=', tenant).where('day', '=', day).forUpdate().executeTakeFirstOrThrow();
  const free = Math.max(0, Math.floor(request.limit) - row.taken);
  const granted = free < request.least ? 0 : Math.min(free, Math.max(request.wanted, request.least));
  if (granted > 0)
    await tables(tx)
      .updateTable('serving.token_day')
      .set({ taken: sql`taken + ${granted}` })
      .where('tenant', '=', tenant)
      .where('day', '=', day)
      .execute();
  return { granted, taken: row.taken + granted };
}

/** Gives tokens back that were taken and not used. */
export async function returnTokens(tx: Tx, request: { readonly tenant: string; readonly day: string; readonly count: number }): Promise<void> {
  await tables(tx)
    .updateTable('serving.token_day')
    .set({ taken: sql`greatest(0, taken - ${request.count})` })
    .where('tenant', '=', request.tenant)
    .where('day', '=', request.day)
    .execute();
}
