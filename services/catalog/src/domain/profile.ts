import type { ColumnProfile, ColumnSchema } from '@stratalab/contracts/catalog';
import { identifier, literal } from './columns.ts';

/** Statistics of one column before its distribution is known. */
export type ColumnFacts = Omit<ColumnProfile, 'histogram' | 'topValues'>;

const binCount = 10;
const topCount = 10;
const cellChars = 120;

/** Columns looked at in one query; a wide table takes several. */
export const profileBatch = 40;
export const highestProfiledColumns = 400;

/** The rows to look at: all of them, or a share of them by whole blocks. `from` is a table or a subquery in SQL. */
export function sourceOf(rowCount: number, highestRows: number): { readonly from: string; readonly isSample: boolean } {
  if (rowCount <= highestRows) return { from: 'data', isSample: false };
  const percent = Math.max(0.1, Math.round((highestRows / rowCount) * 1000) / 10);
  return { from: `(select * from data using sample ${percent} percent (bernoulli, 1))`, isSample: true };
}

/** Distinct values are counted exactly up to this many rows, by HyperLogLog above. */
const exactDistinctRows = 1_000_000;
const valuesPerColumn = 7;

/** What one query over the rows tells of a column. */
export interface ColumnSummary {
  readonly facts: ColumnFacts;
  readonly topValues: ColumnProfile['topValues'];
}

/** One row: the row count, then seven values per column in the order `summariesOf` reads. */
export function summarySql(columns: readonly ColumnSchema[], source: { readonly from: string; readonly rowCount: number }): string {
  const distinct = source.rowCount <= exactDistinctRows ? (column: string): string => `count(distinct ${column})` : (column: string): string => `approx_count_distinct(${column})`;
  const parts = columns.flatMap(({ name, kind }) => {
    const column = identifier(name);
    const isOrdered = kind === 'number' || kind === 'time' || kind === 'text' || kind === 'boolean';
    const isNumber = kind === 'number';
    return [
      `count(${column})`,
      isOrdered ? distinct(column) : 'null',
      isOrdered ? `left(cast(min(${column}) as varchar), ${cellChars})` : 'null',
      isOrdered ? `left(cast(max(${column}) as varchar), ${cellChars})` : 'null',
      isNumber ? `avg(cast(${column} as double))` : 'null',
      isNumber ? `stddev_samp(cast(${column} as double))` : 'null',
      kind === 'text' || kind === 'boolean' ? topValuesSql(column, source.from) : 'null'
    ];
  });
  return `select count(*), ${parts.join(', ')} from ${source.from} as source`;
}

/** A list of [value, count], the most frequent first. */
function topValuesSql(column: string, from: string): string {
  return `(select list([value, cast(number as varchar)]) from (select left(cast(${column} as varchar), ${cellChars}) as value, count(*) as number
    from ${from} as source where ${column} is not null group by ${column} order by number desc, value limit ${topCount}) as top)`;
}

export function summariesOf(columns: readonly ColumnSchema[], row: readonly unknown[]): ColumnSummary[] {
  const count = numberOf(row[0]) ?? 0;
  return columns.map((column, index) => {
    const start = 1 + index * valuesPerColumn;
    const [present, distinct, min, max, mean, deviation, top] = row.slice(start, start + valuesPerColumn);
    return {
      facts: {
        ...column,
        count,
        nullCount: count - (numberOf(present) ?? 0),
        distinctCount: limited(numberOf(distinct), numberOf(present) ?? 0),
        min: typeof min === 'string' ? min : null,
        max: typeof max === 'string' ? max : null,
        mean: numberOf(mean),
        deviation: numberOf(deviation)
      },
      topValues: topValuesOf(top)
    };
  });
}

function topValuesOf(top: unknown): ColumnProfile['topValues'] {
  if (!Array.isArray(top)) return null;
  return top.flatMap((pair: unknown) => (Array.isArray(pair) ? [{ value: String(pair[0]), count: numberOf(pair[1]) ?? 0 }] : []));
}

/** An approximate count can exceed what is possible. */
function limited(distinct: number | null, present: number): number | null {
  return distinct === null ? null : Math.min(Math.round(distinct), present);
}

/** One row of ten counts per column with a range: bins of equal width; `undefined` when no column has one. */
export function histogramSql(facts: readonly ColumnFacts[], from: string): string | undefined {
  const ranged = facts.filter(hasRange);
  if (ranged.length === 0) return undefined;
  const parts = ranged.flatMap(({ name, type, kind, min, max }) => {
    const position = (text: string): string => (kind === 'time' ? `epoch(cast(${text} as timestamp))` : `cast(${text} as double)`);
    const value = position(identifier(name));
    const low = position(`cast(${literal(min ?? '')} as ${type})`);
    const high = position(`cast(${literal(max ?? '')} as ${type})`);
    const bin = `least(${binCount - 1}, greatest(0, cast(floor((${value} - ${low}) / nullif(${high} - ${low}, 0) * ${binCount}) as integer)))`;
    return Array.from({ length: binCount }, (_unused, index) => `count(*) filter (where ${bin} = ${index})`);
  });
  return `select ${parts.join(', ')} from ${from} as source`;
}

/** Puts the counts back to their columns. */
export function histogramsOf(facts: readonly ColumnFacts[], row: readonly unknown[]): ReadonlyMap<string, NonNullable<ColumnProfile['histogram']>> {
  return new Map(
    facts.filter(hasRange).map((column, index) => {
      const counts = row.slice(index * binCount, (index + 1) * binCount).map(value => numberOf(value) ?? 0);
      return [column.name, counts.map((count, bin) => ({ from: edge(column, bin), to: edge(column, bin + 1), count }))];
    })
  );
}

function hasRange({ kind, type, min, max }: ColumnFacts): boolean {
  const isPoint =
    kind === 'number'
      ? Number.isFinite(Number(min)) && Number.isFinite(Number(max))
      : kind === 'time' && /^(?:DATE|TIMESTAMP)/.test(type) && Number.isFinite(timeOf(min)) && Number.isFinite(timeOf(max));
  return isPoint && min !== null && max !== null && min !== max;
}

function edge({ kind, min, max }: ColumnFacts, index: number): string {
  if (kind === 'time') {
    const [low, high] = [timeOf(min), timeOf(max)];
    return new Date(low + ((high - low) * index) / binCount).toISOString().replace(/\.\d+Z$/, 'Z');
  }
  const [low, high] = [Number(min), Number(max)];
  return String(Number((low + ((high - low) * index) / binCount).toPrecision(6)));
}

/** The engine writes dates and times in UTC: `2024-01-31`, `2024-01-31 05:00:00.25`, `2024-01-31 05:00:00+00`. */
function timeOf(text: string | null): number {
  const [, date = '', time = '00:00:00'] = /^(-?\d+-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?))?/.exec(text ?? '') ?? [];
  return Date.parse(`${date}T${time}Z`);
}

/** A number of the engine; `null` for null, NaN and infinities. */
export function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
