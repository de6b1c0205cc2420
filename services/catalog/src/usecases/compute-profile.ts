import type { ColumnProfile } from '@stratalab/contracts/catalog';
import type { CatalogContext } from '../context.ts';
import { highestProfiledColumns, histogramSql, histogramsOf, profileBatch, sourceOf, summariesOf, summarySql } from '../domain/profile.ts';
import type { StoredProfile, VersionRow } from '../store/tables.ts';
import { queryRows } from './read-rows.ts';

/** Statistics of every column (of the first 400), exact or from a sample of the rows. @throws invalid-input, timed-out */
export async function computeProfile(context: CatalogContext, version: VersionRow, signal: AbortSignal): Promise<StoredProfile> {
  const { STRATALAB_PROFILE_ROWS: highestRows, STRATALAB_PROFILE_SECONDS: seconds } = context.config;
  const { from, isSample } = sourceOf(version.row_count ?? 0, highestRows);
  const run = async (sql: string): Promise<readonly (readonly unknown[])[]> => (await queryRows(context, version, { sql, signal, timeoutMs: seconds * 1000 })).rows;
  const columns: ColumnProfile[] = [];
  let sampledRows = 0;
  for (let start = 0; start < Math.min(version.columns.length, highestProfiledColumns); start += profileBatch) {
    const batch = version.columns.slice(start, start + profileBatch);
    const [row] = await run(summarySql(batch, { from, rowCount: version.row_count ?? 0 }));
    const summaries = summariesOf(batch, row ?? []);
    const facts = summaries.map(summary => summary.facts);
    sampledRows = facts[0]?.count ?? 0;
    const histogram = histogramSql(facts, from);
    const histograms = histogram === undefined ? undefined : histogramsOf(facts, (await run(histogram))[0] ?? []);
    columns.push(...summaries.map(summary => ({ ...summary.facts, histogram: histograms?.get(summary.facts.name) ?? null, topValues: summary.topValues })));
  }
  return { basis: isSample ? 'sample' : 'exact', sampledRows, columns };
}
