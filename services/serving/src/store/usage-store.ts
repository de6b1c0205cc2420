import type { Tx } from '@stratalab/kernel';
import { sql, type Insertable, type Selectable } from 'kysely';
import { tables, type ServingTables } from './tables.ts';

export type UsageInterval = Insertable<ServingTables['serving.usage']>;
export type UsageIntervalRow = Selectable<ServingTables['serving.usage']>;

export interface UsageTotal {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export async function insertIntervals(tx: Tx, rows: readonly UsageInterval[]): Promise<void> {
  await tables(tx)
    .insertInto('serving.usage')
    .values([...rows])
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

export async function listUnreported(tx: Tx, tenant: string, limit: number): Promise<readonly UsageIntervalRow[]> {
  return tables(tx).selectFrom('serving.usage').selectAll().where('tenant', '=', tenant).where('is_reported', '=', false).orderBy('id').limit(limit).execute();
}

/** Marks intervals as reported and drops reported ones of days gone by, which only the day's counters needed. */
export async function markReported(tx: Tx, tenant: string, ids: readonly string[], today: string): Promise<void> {
  await tables(tx).updateTable('serving.usage').set({ is_reported: true }).where('tenant', '=', tenant).where('id', 'in', ids).execute();
  await tables(tx).deleteFrom('serving.usage').where('tenant', '=', tenant).where('is_reported', '=', true).where('day', '<', today).execute();
}

/** What was used today, by name of the deployment. */
export async function usageOfDay(tx: Tx, tenant: string, query: { readonly day: string; readonly names: readonly string[] }): Promise<ReadonlyMap<string, UsageTotal>> {
  if (query.names.length === 0) return new Map();
  const rows = await tables(tx)
    .selectFrom('serving.usage')
    .select([
      'deployment_name',
      sql<number>`sum(requests)::bigint`.as('requests'),
      sql<number>`sum(input_tokens)::bigint`.as('input'),
      sql<number>`sum(output_tokens)::bigint`.as('output')
    ])
    .where('tenant', '=', tenant)
    .where('day', '=', query.day)
    .where('deployment_name', 'in', query.names)
    .groupBy('deployment_name')
    .execute();
  return new Map(rows.map(row => [row.deployment_name, { requests: row.requests, inputTokens: row.input, outputTokens: row.output }]));
}
