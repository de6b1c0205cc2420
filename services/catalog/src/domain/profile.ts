import type { ColumnProfile, ColumnSchema } from '@stratalab/contracts/catalog';
import { identifier, literal } from './columns.ts';

/** Statistics of one column before its distribution is known. */
export type ColumnFacts = Omit<ColumnProfile, 'histogram' | 'topValues'>;

const binCount = 10;
const topCount = 10;
/** Distinct values above this are counted approximately (HyperLogLog); the contract says so. */
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

/** One row: the row count, then six values per column in the order `factsOf` reads. */
export function factsSql(columns: readonly ColumnSchema[], from: string): string {
  const parts = columns.flatMap(({ name, kind }) => {
    const column = identifier(name);
    const isOrdered = kind === 'number' || kind === 'time' || kind === 'text' || kind === 'boolean';
    const isNumber = kind === 'number';
    return [
      `count(${column})`,
      isOrdered ? `approx_count_distinct(${column})` : 'null',
      isOrdered ? `left(cast(min(${column}) as varchar), ${cellChars})` : 'null',
      isOrdered ? `left(cast(max(${column}) as varchar), ${cellChars})` : 'null',
      isNumber ? `avg(cast(${column} as double))` : 'null',
      isNumber ? `stddev_samp(cast(${column} as double))` : 'null'
    ];
  });
  return `select count(*), ${parts.join(', ')} from ${from} as source`;
}

export function factsOf(columns: readonly ColumnSchema[], row: readonly unknown[]): ColumnFacts[] {
  const count = numberOf(row[0]) ?? 0;
  return columns.map((column, index) => {
    const [present, distinct, min, max, mean, deviation] = row.slice(1 + index * 6, 7 + index * 6);
    return {
      ...column,
      count,
      nullCount: count - (numberOf(present) ?? 0),
      distinctCount: limited(numberOf(distinct), numberOf(present) ?? 0),
      min: typeof min === 'string' ? min : null,
      max: typeof max === 'string' ? max : null,
      mean: numberOf(mean),
      deviation: numberOf(deviation)
    };
  });
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
  const isPoint = kind === 'number' ? Number.isFinite(Number(min)) && Number.isFinite(Number(max)) : kind === 'time' && /^(?:DATE|TIMESTAMP)/.test(type);
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

function timeOf(text: string | null): number {
  const time = Date.parse(`${(text ?? '').replace(' ', 'T').replace(/[+-]\d\d(?::?\d\d)?$/, '')}Z`);
  return Number.isNaN(time) ? Date.parse(`${text ?? ''}T00:00:00Z`) : time;
}

/** Rows of (column index, value, count): the most frequent values of texts and booleans; `undefined` when there are none. */
export function topValuesSql(columns: readonly ColumnSchema[], from: string): string | undefined {
  const parts = columns.flatMap(({ name, kind }, index) => {
    if (kind !== 'text' && kind !== 'boolean') return [];
    const column = identifier(name);
    return [
      `(select ${index} as position, left(cast(${column} as varchar), ${cellChars}) as value, count(*) as number from ${from} as source
        where ${column} is not null group by ${column} order by number desc, value limit ${topCount})`
    ];
  });
  return parts.length === 0 ? undefined : parts.join(' union all ');
}

export function topValuesOf(columns: readonly ColumnSchema[], rows: readonly (readonly unknown[])[]): ReadonlyMap<string, NonNullable<ColumnProfile['topValues']>> {
  const found = new Map<string, { value: string; count: number }[]>();
  for (const [position, value, count] of rows) {
    const name = columns[Number(position)]?.name;
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), { value: String(value), count: numberOf(count) ?? 0 }]);
  }
  for (const list of found.values()) list.sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
  return found;
}

/** A number of the engine; `null` for null, NaN and infinities. */
export function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
