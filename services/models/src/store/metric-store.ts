import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import type { Metric } from '../domain/metric.ts';
import { tables } from './tables.ts';

export interface PointRow {
  readonly step: number;
  readonly at_ms: number;
  readonly value: number;
}

/**
 * Appends points to the history and keeps the summary of each series, in two statements whatever the number of points.
 * A point that is there already changes nothing, so a repeated batch has no effect and costs the same whatever the history.
 */
export async function appendMetrics(tx: Tx, tenant: string, runId: string, metrics: readonly Metric[]): Promise<void> {
  if (metrics.length === 0) return;
  const keys = [...new Set(metrics.map(({ key }) => key))].sort();
  await sql`
    insert into models.metric_series (tenant, run_id, key)
    select ${tenant}, ${runId}, key from unnest(${keys}::text[]) as key
    on conflict do nothing`.execute(tx);
  await sql`
    with given as (
      select s.id as series, g.step, g.at_ms, g.value
      from unnest(${metrics.map(({ key }) => key)}::text[], ${metrics.map(({ step }) => step)}::bigint[],
        ${metrics.map(({ atMs }) => atMs)}::bigint[], ${metrics.map(({ value }) => value)}::float8[]) as g (key, step, at_ms, value)
      join models.metric_series s on s.tenant = ${tenant} and s.run_id = ${runId} and s.key = g.key),
    fresh as (
      insert into models.metric_point (tenant, series, step, at_ms, value)
      select ${tenant}, series, step, at_ms, value from given order by series, step
      on conflict do nothing returning series, step, at_ms, value),
    summed as (
      select series, count(*) as points, min(value) filter (where value <> 'NaN') as lowest, max(value) filter (where value <> 'NaN') as highest
      from fresh group by series),
    newest as (select distinct on (series) series, step, at_ms, value from fresh order by series, step desc, at_ms desc, value desc)
    update models.metric_series s set
      points = s.points + summed.points,
      lowest = least(s.lowest, summed.lowest),
      highest = greatest(s.highest, summed.highest),
      last_step = case when later.is_later then newest.step else s.last_step end,
      last_ms = case when later.is_later then newest.at_ms else s.last_ms end,
      last_value = case when later.is_later then newest.value else s.last_value end
    from summed join newest using (series), lateral (
      select m.last_step is null or (newest.step, newest.at_ms, newest.value) > (m.last_step, m.last_ms, m.last_value) as is_later
      from models.metric_series m where m.id = newest.series) later
    where s.id = summed.series`.execute(tx);
  await appendModelMetrics(tx, tenant, runId, metrics);
}

/** Values that belong to a logged model are kept with it too: the last one per data set. */
async function appendModelMetrics(tx: Tx, tenant: string, runId: string, metrics: readonly Metric[]): Promise<void> {
  const last = new Map<string, Metric>();
  for (const metric of metrics) {
    if (metric.modelId !== undefined) last.set(JSON.stringify([metric.modelId, metric.key, metric.datasetName, metric.datasetDigest]), metric);
  }
  const rows = [...last.values()].flatMap(metric => (metric.modelId === undefined ? [] : [{ ...metric, modelId: metric.modelId }]));
  if (rows.length === 0) return;
  await tables(tx)
    .insertInto('models.logged_model_metric')
    .values(
      rows.map(metric => ({
        tenant,
        model_id: metric.modelId,
        run_id: runId,
        key: metric.key,
        dataset_name: metric.datasetName ?? '',
        dataset_digest: metric.datasetDigest ?? '',
        value: metric.value,
        step: metric.step,
        at_ms: metric.atMs
      }))
    )
    .onConflict(conflict =>
      conflict.columns(['tenant', 'model_id', 'run_id', 'key', 'dataset_name', 'dataset_digest']).doUpdateSet(eb => ({
        value: eb.ref('excluded.value'),
        step: eb.ref('excluded.step'),
        at_ms: eb.ref('excluded.at_ms')
      }))
    )
    .execute();
}

async function findSeries(tx: Tx, tenant: string, runId: string, key: string): Promise<{ id: number; points: number } | undefined> {
  return tables(tx).selectFrom('models.metric_series').select(['id', 'points']).where('tenant', '=', tenant).where('run_id', '=', runId).where('key', '=', key).executeTakeFirst();
}

/** A page of the whole history by step and time; `offset` counts points. Empty for an unknown key. */
export async function readHistory(tx: Tx, series: { tenant: string; runId: string; key: string }, page: { offset: number; limit: number }): Promise<readonly PointRow[]> {
  const found = await findSeries(tx, series.tenant, series.runId, series.key);
  if (found === undefined) return [];
  return tables(tx)
    .selectFrom('models.metric_point')
    .select(['step', 'at_ms', 'value'])
    .where('series', '=', found.id)
    .orderBy('step')
    .orderBy('at_ms')
    .orderBy('value')
    .offset(page.offset)
    .limit(page.limit)
    .execute();
}

/**
 * The history in at most `points` points: of each of `points / 2` buckets along the history the lowest and the highest, so that peaks stay visible.
 */
export async function sampleHistory(
  tx: Tx,
  series: { tenant: string; runId: string; key: string },
  points: number
): Promise<{ rows: readonly PointRow[]; total: number; isSampled: boolean }> {
  const found = await findSeries(tx, series.tenant, series.runId, series.key);
  if (found === undefined) return { rows: [], total: 0, isSampled: false };
  if (found.points <= points) return { rows: await readHistory(tx, series, { offset: 0, limit: points }), total: found.points, isSampled: false };
  const { rows } = await sql<PointRow>`
    with numbered as (
      select step, at_ms, value, ntile(${Math.floor(points / 2)}) over (order by step, at_ms, value) as bucket
      from models.metric_point where series = ${found.id}),
    ranked as (
      select *, row_number() over (partition by bucket order by value, step) as low, row_number() over (partition by bucket order by value desc, step) as high from numbered)
    select step, at_ms, value from ranked where low = 1 or high = 1 order by step, at_ms, value`.execute(tx);
  return { rows, total: found.points, isSampled: true };
}

export interface SeriesRow {
  readonly run_id: string;
  readonly key: string;
  readonly points: number;
  readonly last_value: number | null;
  readonly last_step: number | null;
  readonly last_ms: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
}

/** Summaries of all metrics of some runs, by run and name; at most `perRun` each. */
export async function readSeries(tx: Tx, tenant: string, runIds: readonly string[], perRun: number): Promise<readonly SeriesRow[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<SeriesRow>`
    select s.* from unnest(${runIds}::text[]) as r (id), lateral (
      select run_id, key, points, last_value, last_step, last_ms, lowest, highest from models.metric_series
      where tenant = ${tenant} and run_id = r.id and points > 0 order by key limit ${perRun}) s`.execute(tx);
  return rows;
}
