import { formatUrn } from '@stratalab/contracts';
import type { Pipeline, PipelineDocument, PipelineSummary, RunState, ScheduleState } from '@stratalab/contracts/pipelines';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import type { Plan } from '../domain/plan.ts';
import { nextSlots } from '../domain/schedule.ts';
import { tables, type PipelinesTables } from './tables.ts';

export type PipelineRow = Selectable<PipelinesTables['pipelines.pipeline']>;
const excerptLength = 160;
const shownSlots = 5;

export async function findPipelineRow(tx: Tx, tenant: string, name: string): Promise<PipelineRow | undefined> {
  return tables(tx).selectFrom('pipelines.pipeline').selectAll().where('tenant', '=', tenant).where('name', '=', name).executeTakeFirst();
}

/** The row, locked until the transaction ends. */
export async function lockPipelineRow(tx: Tx, tenant: string, name: string): Promise<PipelineRow | undefined> {
  return tables(tx).selectFrom('pipelines.pipeline').selectAll().where('tenant', '=', tenant).where('name', '=', name).forUpdate().executeTakeFirst();
}

export async function lockPipelineById(tx: Tx, id: string): Promise<PipelineRow | undefined> {
  return tables(tx).selectFrom('pipelines.pipeline').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** A pipeline with its newest document; `now` decides which slots come next. */
export async function readPipeline(tx: Tx, row: PipelineRow, now: Date): Promise<Pipeline> {
  const version = await tables(tx)
    .selectFrom('pipelines.pipeline_version')
    .select(['document', 'definition'])
    .where('pipeline_id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirstOrThrow();
  return {
    name: row.name,
    urn: formatUrn({ tenant: row.tenant, kind: 'pipeline', name: row.name }),
    description: row.description,
    version: row.version,
    document: version.document,
    definition: version.definition,
    schedule: scheduleOf(row, now),
    isSample: row.is_sample,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at
  };
}

export interface KeptDocument {
  readonly document: string;
  readonly definition: PipelineDocument;
  readonly plan: Plan;
  readonly note: string | null;
  readonly createdBy: string;
}

/** Adds the pipeline with its first version; `undefined` when one of this name exists. */
export async function insertPipeline(
  tx: Tx,
  given: KeptDocument & { readonly id: string; readonly tenant: string; readonly isSample: boolean; readonly now: Date }
): Promise<PipelineRow | undefined> {
  const row = await tables(tx)
    .insertInto('pipelines.pipeline')
    .values({ id: given.id, tenant: given.tenant, version: 1, created_by: given.createdBy, is_sample: given.isSample, ...columnsOf(given.definition, given.now, false) })
    .onConflict(conflict => conflict.columns(['tenant', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) await insertVersion(tx, row, given);
  return row;
}

/** Keeps the document as the next version. */
export async function addVersion(tx: Tx, row: PipelineRow, given: KeptDocument & { readonly now: Date }): Promise<PipelineRow> {
  const updated = await tables(tx)
    .updateTable('pipelines.pipeline')
    .set({ ...columnsOf(given.definition, given.now, row.is_paused), version: row.version + 1, updated_at: sql<string>`now()` })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertVersion(tx, updated, given);
  return updated;
}

export async function setPaused(tx: Tx, row: PipelineRow, isPaused: boolean, now: Date): Promise<PipelineRow> {
  return tables(tx)
    .updateTable('pipelines.pipeline')
    .set({ is_paused: isPaused, next_run_at: isPaused ? null : firstSlot(row, now), updated_at: sql<string>`now()` })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function setNextRun(tx: Tx, id: string, nextRunAt: string | null): Promise<void> {
  await tables(tx).updateTable('pipelines.pipeline').set({ next_run_at: nextRunAt }).where('id', '=', id).execute();
}

export async function deletePipelineRow(tx: Tx, id: string): Promise<void> {
  await tables(tx).deleteFrom('pipelines.pipeline').where('id', '=', id).execute();
}

export async function listPipelinePage(
  tx: Tx,
  request: { readonly tenant: string; readonly search?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: PipelineSummary[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 2);
  let query = tables(tx)
    .selectFrom('pipelines.pipeline')
    .selectAll()
    .where('tenant', '=', request.tenant)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(request.limit + 1);
  const words = request.search?.trim() ?? '';
  if (words !== '') {
    const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(eb => eb.or([eb('name', 'ilike', like), eb('description', 'ilike', like)]));
  }
  if (after !== undefined) query = query.where(sql<boolean>`(updated_at, id) < (${String(after[0])}::timestamptz, ${String(after[1])})`);
  const rows = await query.execute();
  const lastRuns = await readLastRuns(
    tx,
    rows.map(({ id }) => id)
  );
  return pageOf(rows, request.limit, { item: row => summaryOf(row, lastRuns.get(row.id) ?? null), key: row => [row.updated_at, row.id] });
}

/** Living schedules, for the reconciler's own list. */
export async function listScheduled(tx: Tx): Promise<readonly { readonly id: string; readonly tenant: string }[]> {
  return tables(tx).selectFrom('pipelines.pipeline').select(['id', 'tenant']).where('next_run_at', 'is not', null).execute();
}

/** No slot of the tenant's schedules comes any more. */
export async function stopSchedules(tx: Tx, tenant: string): Promise<void> {
  await tables(tx).updateTable('pipelines.pipeline').set({ next_run_at: null }).where('tenant', '=', tenant).execute();
}

/** Schedules that wait for no slot and are not paused wait for their next one after `now`. */
export async function resumeSchedules(tx: Tx, tenant: string, now: Date): Promise<readonly PipelineRow[]> {
  const stopped = await tables(tx)
    .selectFrom('pipelines.pipeline')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('cron', 'is not', null)
    .where('next_run_at', 'is', null)
    .where('is_paused', '=', false)
    .forUpdate()
    .execute();
  for (const row of stopped) await setNextRun(tx, row.id, firstSlot(row, now));
  return stopped;
}

export async function deleteTenantRows(tx: Tx, tenant: string): Promise<void> {
  await tables(tx).deleteFrom('pipelines.pipeline').where('tenant', '=', tenant).execute();
}

/** Sample pipelines that read this dataset and never ran. */
export async function findUntouchedSamples(tx: Tx, tenant: string): Promise<readonly (PipelineRow & { readonly plan: Plan })[]> {
  return tables(tx)
    .selectFrom('pipelines.pipeline as p')
    .innerJoin('pipelines.pipeline_version as v', join => join.onRef('v.pipeline_id', '=', 'p.id').onRef('v.version', '=', 'p.version'))
    .selectAll('p')
    .select('v.plan')
    .where('p.tenant', '=', tenant)
    .where('p.is_sample', '=', true)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('pipelines.run as r').select('r.id').whereRef('r.pipeline_id', '=', 'p.id'))))
    .execute();
}

async function readLastRuns(tx: Tx, pipelineIds: readonly string[]): Promise<ReadonlyMap<string, { id: string; state: RunState; createdAt: string }>> {
  if (pipelineIds.length === 0) return new Map();
  const rows = await tables(tx)
    .selectFrom('pipelines.run')
    .distinctOn('pipeline_id')
    .select(['pipeline_id', 'id', 'state', 'created_at'])
    .where('pipeline_id', 'in', [...pipelineIds])
    .orderBy('pipeline_id')
    .orderBy('id', 'desc')
    .execute();
  return new Map(rows.map(row => [row.pipeline_id, { id: row.id, state: row.state, createdAt: row.created_at }]));
}

function summaryOf(row: PipelineRow, lastRun: PipelineSummary['lastRun']): PipelineSummary {
  return {
    name: row.name,
    urn: formatUrn({ tenant: row.tenant, kind: 'pipeline', name: row.name }),
    excerpt: row.description.slice(0, excerptLength),
    version: row.version,
    cron: row.cron,
    isPaused: row.is_paused,
    nextRunAt: row.next_run_at,
    lastRun,
    createdBy: row.created_by,
    updatedAt: row.updated_at
  };
}

function scheduleOf(row: PipelineRow, now: Date): ScheduleState | null {
  if (row.cron === null || row.time_zone === null) return null;
  const nextRuns = [...nextSlots({ cron: row.cron, timeZone: row.time_zone }, now, shownSlots)];
  return { cron: row.cron, timeZone: row.time_zone, catchUp: row.catch_up, isPaused: row.is_paused, nextRunAt: row.next_run_at, nextRuns };
}

function columnsOf(definition: PipelineDocument, now: Date, isPaused: boolean) {
  const { schedule } = definition;
  const facts = { cron: schedule?.cron ?? null, time_zone: schedule === undefined ? null : (schedule.timeZone ?? 'UTC') };
  return {
    ...facts,
    name: definition.name,
    description: definition.description ?? '',
    catch_up: schedule?.catchUp ?? false,
    concurrency: definition.concurrency ?? 1,
    next_run_at: isPaused ? null : firstSlot(facts, now)
  };
}

function firstSlot(row: { readonly cron: string | null; readonly time_zone: string | null }, now: Date): string | null {
  if (row.cron === null || row.time_zone === null) return null;
  return nextSlots({ cron: row.cron, timeZone: row.time_zone }, now, 1)[0] ?? null;
}

async function insertVersion(tx: Tx, row: PipelineRow, given: KeptDocument): Promise<void> {
  await tables(tx)
    .insertInto('pipelines.pipeline_version')
    .values({
      tenant: row.tenant,
      pipeline_id: row.id,
      version: row.version,
      document: given.document,
      definition: JSON.stringify(given.definition),
      plan: JSON.stringify(given.plan),
      note: given.note,
      created_by: given.createdBy
    })
    .execute();
}
