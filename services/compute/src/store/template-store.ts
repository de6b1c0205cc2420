import type { JobInput, JobTemplate } from '@stratalab/contracts/compute';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type ComputeTables } from './tables.ts';

function templateOf(row: Selectable<ComputeTables['compute.template']>): JobTemplate {
  return { name: row.name, description: row.description, isSample: row.is_sample, createdBy: row.created_by, updatedAt: row.updated_at, job: row.job };
}

export async function listTemplatePage(
  tx: Tx,
  query: { readonly tenant: string; readonly limit: number; readonly cursor?: string | undefined }
): Promise<{
  items: JobTemplate[];
  nextCursor: string | null;
}> {
  const after = decodeCursor(query.cursor, 1)?.[0];
  let rows = tables(tx).selectFrom('compute.template').selectAll().where('tenant', '=', query.tenant);
  if (after !== undefined) rows = rows.where('name', '>', String(after));
  const found = await rows
    .orderBy('name')
    .limit(query.limit + 1)
    .execute();
  return pageOf(found, query.limit, { item: templateOf, key: row => [row.name] });
}

export interface TemplateInput {
  readonly tenant: string;
  readonly name: string;
  readonly description: string;
  readonly createdBy: string;
  readonly isSample: boolean;
  readonly job: JobInput;
}

/** Saves under the name, over what was there. */
export async function upsertTemplate(tx: Tx, input: TemplateInput): Promise<JobTemplate> {
  const values = { description: input.description, is_sample: input.isSample, created_by: input.createdBy, job: JSON.stringify(input.job) };
  const row = await tables(tx)
    .insertInto('compute.template')
    .values({ tenant: input.tenant, name: input.name, ...values })
    .onConflict(conflict => conflict.columns(['tenant', 'name']).doUpdateSet({ ...values, updated_at: sql<string>`now()` }))
    .returningAll()
    .executeTakeFirstOrThrow();
  return templateOf(row);
}

export async function removeTemplate(tx: Tx, tenant: string, name: string): Promise<boolean> {
  const result = await tables(tx).deleteFrom('compute.template').where('tenant', '=', tenant).where('name', '=', name).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
