import type { MetricSeries } from '@stratalab/contracts/compute';
import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import type { MetricPoint } from '../domain/progress.ts';
import { tables } from './tables.ts';

/** Adds points; the last value of a step wins. */
export async function insertMetrics(tx: Tx, job: { readonly tenant: string; readonly id: string }, points: readonly MetricPoint[]): Promise<void> {
  const last = new Map(points.map(point => [`${point.name}\n${point.step}`, point]));
  if (last.size === 0) return;
  await tables(tx)
    .insertInto('compute.metric')
    .values([...last.values()].map(({ name, step, value }) => ({ tenant: job.tenant, job: job.id, name, step, value })))
    .onConflict(conflict => conflict.columns(['job', 'name', 'step']).doUpdateSet({ value: sql`excluded.value` }))
    .execute();
}

/** Series by name, each thinned evenly to about `points`; the last point is always there. */
export async function readMetrics(tx: Tx, request: { readonly tenant: string; readonly job: string; readonly points: number }): Promise<MetricSeries[]> {
  const { rows } = await sql<{ name: string; step: number; value: number; time: string }>`
    select name, step, value, time from (
      select name, step, value, time, row_number() over series as number, count(*) over (partition by name) as total
      from compute.metric where tenant = ${request.tenant} and job = ${request.job} window series as (partition by name order by step)) numbered
    where number = total or number % ceil(total::numeric / ${request.points}) = 0 order by name, step`.execute(tx);
  const series = new Map<string, MetricSeries>();
  for (const { name, step, value, time } of rows) {
    const known = series.get(name) ?? { name, points: [] };
    known.points.push({ step, value, time });
    series.set(name, known);
  }
  return [...series.values()];
}
