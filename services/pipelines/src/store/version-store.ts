import type { PipelineVersion, PipelineVersionSummary } from '@stratalab/contracts/pipelines';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import type { Plan } from '../domain/plan.ts';
import { tables } from './tables.ts';

export async function findVersion(tx: Tx, pipelineId: string, version: number): Promise<PipelineVersion | undefined> {
  const row = await tables(tx).selectFrom('pipelines.pipeline_version').selectAll().where('pipeline_id', '=', pipelineId).where('version', '=', version).executeTakeFirst();
  return row === undefined ? undefined : { version: row.version, document: row.document, createdBy: row.created_by, createdAt: row.created_at, note: row.note };
}

/** @throws Error when there is no such version: runs keep the number of a version that existed */
export async function readPlan(tx: Tx, pipelineId: string, version: number): Promise<Plan> {
  const row = await tables(tx)
    .selectFrom('pipelines.pipeline_version')
    .select('plan')
    .where('pipeline_id', '=', pipelineId)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  return row.plan;
}

export async function listVersionPage(
  tx: Tx,
  request: { readonly pipelineId: string; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: PipelineVersionSummary[]; nextCursor: string | null }> {
  const before = decodeCursor(request.cursor, 1)?.[0];
  let query = tables(tx)
    .selectFrom('pipelines.pipeline_version')
    .select(['version', 'created_by', 'created_at', 'note'])
    .where('pipeline_id', '=', request.pipelineId)
    .orderBy('version', 'desc')
    .limit(request.limit + 1);
  if (before !== undefined) query = query.where('version', '<', Number(before));
  return pageOf(await query.execute(), request.limit, {
    item: row => ({ version: row.version, createdBy: row.created_by, createdAt: row.created_at, note: row.note }),
    key: row => [row.version]
  });
}
