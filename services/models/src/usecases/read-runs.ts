import { Problem } from '@stratalab/contracts';
import type { MetricHistory, Run, RunDetail } from '@stratalab/contracts/models';
import { decodeCursor, encodeCursor, type Tx } from '@stratalab/kernel';
import { parseFilter, parseOrder } from '../domain/filter.ts';
import { finite, pointsOf } from '../domain/metric.ts';
import { findLoggedModels } from '../store/logged-model-store.ts';
import { readSeries, sampleHistory, type SeriesRow } from '../store/metric-store.ts';
import { readParams, readRunDatasets, readRunModels, readRunTags } from '../store/run-data-store.ts';
import { searchRuns } from '../store/run-search.ts';
import { findRun, type RunRow } from '../store/run-store.ts';
import { tables } from '../store/tables.ts';
import { findVersionsOfRun } from '../store/version-store.ts';
import { runUrn } from './lineage.ts';

const perRunInLists = 100;
const perRunOnPage = 20_000;

/** Run, or `not-found`. */
export async function requireRunRow(tx: Tx, tenant: string, id: string): Promise<RunRow> {
  const row = await findRun(tx, tenant, id);
  if (row === undefined) throw new Problem('not-found', { detail: 'There is no such run.' });
  return row;
}

interface ListRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly experiment?: string | undefined;
  readonly filter?: string | undefined;
  readonly order?: string | undefined;
}

/**
 * A page of living runs. In the default order the cursor is the last run, so new runs never shift a page; in another order it is a position.
 * @throws invalid-request for a filter or order that cannot be read
 */
export async function listRuns(tx: Tx, tenant: string, request: ListRequest): Promise<{ items: Run[]; nextCursor: string | null }> {
  const isDefault = request.order === undefined || request.order === '';
  const after = isDefault ? decodeCursor(request.cursor, 2) : undefined;
  const offset = isDefault ? 0 : Number(decodeCursor(request.cursor, 1)?.[0] ?? 0);
  const rows = await searchRuns(tx, {
    tenant,
    experimentIds: request.experiment === undefined ? undefined : [request.experiment],
    conditions: parseFilter(request.filter),
    orders: isDefault ? [] : [parseOrder(request.order)],
    view: 'active',
    offset,
    limit: request.limit,
    after: after === undefined ? undefined : [Number(after[0]), String(after[1])]
  });
  const page = rows.slice(0, request.limit);
  const last = page.at(-1);
  const hasMore = rows.length > request.limit && last !== undefined;
  const cursor = isDefault ? [last?.started_ms ?? 0, last?.id ?? ''] : [offset + request.limit];
  return { items: await runsOf(tx, tenant, page, perRunInLists), nextCursor: hasMore ? encodeCursor(cursor) : null };
}

/** Rows as the contract shows them. */
async function runsOf(tx: Tx, tenant: string, rows: readonly RunRow[], perRun: number): Promise<Run[]> {
  const ids = rows.map(({ id }) => id);
  const series = await readSeries(tx, tenant, ids, perRun);
  const params = await readParams(tx, tenant, ids, perRun);
  const experimentIds = [...new Set(rows.map(({ experiment_id }) => experiment_id))];
  const experiments =
    experimentIds.length === 0
      ? []
      : await tables(tx).selectFrom('models.experiment').select(['id', 'name']).where('tenant', '=', tenant).where('id', 'in', experimentIds).execute();
  const names = new Map(experiments.map(({ id, name }) => [id, name]));
  return rows.map(row => ({
    id: row.id,
    urn: runUrn(tenant, row.id),
    name: row.name,
    experimentId: row.experiment_id,
    experimentName: names.get(row.experiment_id) ?? '',
    state: row.state,
    isDeleted: row.is_deleted,
    createdBy: row.created_by,
    startedAt: timeOf(row.started_ms),
    endedAt: row.ended_ms === null ? null : timeOf(row.ended_ms),
    origin: row.origin,
    metrics: series.filter(({ run_id }) => run_id === row.id).map(({ key, last_value }) => ({ key, value: finite(last_value) })),
    params: params.filter(({ run_id }) => run_id === row.id).map(({ key, value }) => ({ key, value }))
  }));
}

/** Times that clients set may lie outside of what a date can hold. */
function timeOf(ms: number): string {
  const highest = 8.64e15;
  return new Date(Math.max(0, Math.min(ms, highest))).toISOString();
}

/** Everything a run recorded. @throws not-found */
export async function readRun(tx: Tx, tenant: string, id: string): Promise<RunDetail> {
  const row = await requireRunRow(tx, tenant, id);
  const [run] = await runsOf(tx, tenant, [row], 0);
  if (run === undefined) throw new Error('A run that was just read is not there.');
  const series = await readSeries(tx, tenant, [id], perRunOnPage);
  const params = await readParams(tx, tenant, [id], perRunOnPage);
  const outputs = (await readRunModels(tx, tenant, [id])).filter(({ direction }) => direction === 'output').map(({ model_id }) => model_id);
  const [tags, datasets, models] = [await readRunTags(tx, tenant, [id]), await readRunDatasets(tx, tenant, [id]), await findLoggedModels(tx, tenant, outputs)];
  const registered = await findVersionsOfRun(tx, tenant, id);
  return {
    run: { ...run, metrics: series.slice(0, perRunInLists).map(({ key, last_value }) => ({ key, value: finite(last_value) })) },
    metrics: series.map(summaryOf),
    params: params.map(({ key, value }) => ({ key, value })),
    tags: tags.map(({ key, value }) => ({ key, value })),
    datasets: datasets.map(dataset => ({ name: dataset.name, digest: dataset.digest, context: dataset.tags['mlflow.data.context'] ?? null, urn: dataset.urn })),
    models: models.map(model => ({ id: model.id, name: model.name, state: model.state, createdAt: timeOf(model.created_ms) })),
    registered: registered.map(({ model, version }) => ({ model, version }))
  };
}

function summaryOf(row: SeriesRow) {
  return {
    key: row.key,
    value: finite(row.last_value),
    step: row.last_step ?? 0,
    at: timeOf(row.last_ms ?? 0),
    lowest: finite(row.lowest),
    highest: finite(row.highest),
    points: row.points
  };
}

/** History of one metric in at most `points` points. @throws not-found */
export async function readMetric(tx: Tx, of: { tenant: string; runId: string; key: string }, points: number): Promise<MetricHistory> {
  await requireRunRow(tx, of.tenant, of.runId);
  const sampled = await sampleHistory(tx, of, points);
  return { key: of.key, points: pointsOf(sampled.rows), total: sampled.total, isSampled: sampled.isSampled };
}
