import { describe, expect, test } from '@jest/globals';
import { histogramSql, histogramsOf, sourceOf, summariesOf, summarySql, type ColumnFacts } from './profile.ts';

const facts = (more: Partial<ColumnFacts>): ColumnFacts => ({
  name: 'x',
  type: 'BIGINT',
  kind: 'number',
  count: 10,
  nullCount: 0,
  distinctCount: 5,
  min: '0',
  max: '100',
  mean: null,
  deviation: null,
  ...more
});
const edges = (column: ColumnFacts) => {
  const bins = histogramsOf(
    [column],
    Array.from({ length: 10 }, () => 1)
  ).get('x');
  return [bins?.[0]?.from, bins?.[0]?.to, bins?.[9]?.to];
};

describe('a profile', () => {
  test.each([
    [facts({}), ['0', '10', '100']],
    [facts({ min: '-1', max: '1', type: 'DOUBLE' }), ['-1', '-0.8', '1']],
    [facts({ kind: 'time', type: 'DATE', min: '2024-01-11', max: '2024-01-31' }), ['2024-01-11T00:00:00Z', '2024-01-13T00:00:00Z', '2024-01-31T00:00:00Z']],
    [
      facts({ kind: 'time', type: 'TIMESTAMP WITH TIME ZONE', min: '2024-01-01 00:00:00+00', max: '2024-01-01 10:00:00.5+00' }),
      ['2024-01-01T00:00:00Z', '2024-01-01T01:00:00Z', '2024-01-01T10:00:00Z']
    ]
  ])('%j has bins of equal width', (column, expected) => {
    expect(edges(column)).toEqual(expected);
  });

  test('columns without a range have no histogram', () => {
    const without = [
      facts({ min: '5', max: '5' }),
      facts({ min: null, max: null }),
      facts({ max: 'inf' }),
      facts({ kind: 'time', type: 'TIME', min: '05:00:00', max: '06:00:00' }),
      facts({ kind: 'text', type: 'VARCHAR' })
    ];
    expect(histogramSql(without, 'data')).toBeUndefined();
  });

  test('names cannot break out of the query', () => {
    const sql = summarySql([{ name: 'a"; select 1; --', type: 'VARCHAR', kind: 'text' }], { from: 'data', rowCount: 5 });
    expect(sql).toContain('"a""; select 1; --"');
    expect(sql).not.toContain(' a"; select');
  });

  test('large versions are sampled, and distinct values counted approximately', () => {
    expect(sourceOf(1_000, 5_000)).toEqual({ from: 'data', isSample: false });
    expect(sourceOf(50_000_000, 5_000_000)).toEqual({ from: '(select * from data using sample 10 percent (bernoulli, 1))', isSample: true });
    const column = [{ name: 'a', type: 'BIGINT', kind: 'number' }] as const;
    expect(summarySql(column, { from: 'data', rowCount: 2_000_000 })).toContain('approx_count_distinct("a")');
    expect(summarySql(column, { from: 'data', rowCount: 2_000 })).toContain('count(distinct "a")');
  });

  test('what the engine answers is read back to its columns', () => {
    const [summary] = summariesOf(
      [{ name: 'a', type: 'VARCHAR', kind: 'text' }],
      [
        10,
        8,
        '12',
        'x',
        'z',
        null,
        null,
        [
          ['x', '5'],
          ['z', '3']
        ]
      ]
    );
    expect(summary).toMatchObject({
      facts: { count: 10, nullCount: 2, distinctCount: 8, min: 'x', max: 'z' },
      topValues: [
        { value: 'x', count: 5 },
        { value: 'z', count: 3 }
      ]
    });
  });
});
