import type { Measured } from '@stratalab/tooling';

/** One number over several runs. */
export interface Range {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  readonly runs: number;
  readonly baseline?: { readonly name: string; readonly mean: number };
  readonly ratio?: number;
  /** What others published, on their machines. */
  readonly anchor?: string;
  readonly limit?: number;
}

/** What `bench/ranges.json` keeps of a part, by its name. */
export interface MeasuredPart {
  readonly time: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryMiB: number; readonly node: string };
  /** Processes that wanted a core in the minute before; with more than a few, rates say nothing and ratios little. */
  readonly loadBefore: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly ranges: readonly Range[];
}

/** @param values one for each run; @param baseline of the same runs */
export function rangeOf(
  what: Pick<Measured, 'name' | 'unit' | 'limit'> & { readonly anchor?: string },
  values: readonly number[],
  baseline?: { readonly name: string; readonly values: readonly number[] }
): Range {
  const mean = meanOf(values);
  const rounded = (value: number): number => Number(value.toPrecision(4));
  return {
    ...what,
    ...{ mean: rounded(mean), lowest: rounded(Math.min(...values)), highest: rounded(Math.max(...values)), runs: values.length },
    ...(baseline === undefined ? {} : { baseline: { name: baseline.name, mean: rounded(meanOf(baseline.values)) }, ratio: rounded(mean / meanOf(baseline.values)) })
  };
}

/** The table people read. */
export function tableOf(ranges: readonly Range[]): string {
  const rows = [
    ['what', 'mean', 'range', 'baseline', 'ratio', 'limit', 'published'],
    ...ranges.map(({ name, unit, mean, lowest, highest, runs, baseline, ratio, limit, anchor }) => [
      name,
      `${mean} ${unit}`,
      `${lowest} – ${highest} (${runs} runs)`,
      baseline === undefined ? '' : `${baseline.mean} (${baseline.name})`,
      ratio === undefined ? '' : ratio.toFixed(2),
      limit === undefined ? '' : String(limit),
      anchor ?? ''
    ])
  ];
  const widths = (rows[0] ?? []).map((_title, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}

/** A rate must not fall below its limit, anything else must not exceed it. */
export function isPastLimit({ mean, unit, limit }: Range): boolean {
  return limit !== undefined && (unit === 'per s' ? mean < limit : mean > limit);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
