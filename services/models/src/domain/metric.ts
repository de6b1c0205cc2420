import type { MetricPoint } from '@stratalab/contracts/models';

/** One logged value; `value` may be NaN or an infinity. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  readonly atMs: number;
  readonly step: number;
  readonly modelId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

/** A number as JSON can carry it: `null` for NaN, the largest finite number for infinities. */
export function finite(value: number | null): number | null {
  if (value === null || Number.isNaN(value)) return null;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

export interface Bucketed {
  readonly step: number;
  readonly at_ms: number;
  readonly value: number;
}

/** Points of a chart from rows of the history. */
export function pointsOf(rows: readonly Bucketed[]): MetricPoint[] {
  return rows.map(row => ({ step: row.step, at: new Date(row.at_ms).toISOString(), value: finite(row.value) }));
}
