import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import { isWithin, resultOf, runState } from './checks.ts';
import { compileContract } from './contract.ts';
import { suggestContract } from './suggest-contract.ts';

const head = 'apiVersion: v3.1.0\nkind: DataContract\nid: flights\nversion: 1.0.0\nstatus: active\n';
const compile = (schema: string) => compileContract(`${head}schema:\n${schema}`, 'flights');
const problem = (document: string): Problem => {
  try {
    compileContract(document, 'flights');
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('was taken');
};

describe('a contract', () => {
  test('becomes one SQL aggregate per check', () => {
    const checks = compile(`
  - name: flights
    quality:
      - { metric: rowCount, mustBeGreaterThan: 10 }
      - { type: sql, query: 'select count(*) from {object} where a > b', mustBe: 0, severity: warning, name: late }
      - { type: text, description: for people }
    properties:
      - name: carrier
        required: true
        unique: true
        quality:
          - { metric: nullValues, unit: percent, mustBeLessThan: 1.5 }
          - { metric: invalidValues, arguments: { validValues: [AA, "O'Hare"] }, mustBe: 0 }
      - name: delay
        logicalTypeOptions: { minimum: -60 }
        quality:
          - { metric: missingValues, arguments: { missingValues: ['NA'] }, mustBeBetween: [0, 5] }
`);
    expect(checks.map(({ rule, sql, severity }) => [rule, sql, severity])).toEqual([
      ['row count must be greater than 10', 'count(*)', 'error'],
      ['late must be 0', 'select count(*) from data where a > b', 'warning'],
      ['carrier must not be null', 'count(*) filter (where "carrier" is null)', 'error'],
      ['carrier must be unique', 'count("carrier") - count(distinct "carrier")', 'error'],
      ['null values of carrier must be less than 1.5 %', 'coalesce(100.0 * count(*) filter (where "carrier" is null) / nullif(count(*), 0), 0)', 'error'],
      ['invalid values of carrier must be 0', `count(*) filter (where "carrier" is not null and (cast("carrier" as varchar) not in ('AA', 'O''Hare')))`, 'error'],
      ['delay must keep its limits', 'count(*) filter (where "delay" is not null and (try_cast("delay" as double) < -60))', 'error'],
      ['missing values of delay must be between 0 and 5', `count(*) filter (where "delay" is null or cast("delay" as varchar) in ('NA'))`, 'error']
    ]);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });

  test('says every place that is wrong', () => {
    expect(problem('a: [').details.errors?.[0]?.path).toMatch(/^line 1, column/);
    expect(problem('kind: DataContract').details.errors?.map(({ message }) => message)).toContain("must have required property 'schema'");
    expect(problem(`${head}schema: [{ name: a, properties: [{ name: x, required: maybe }] }]`).details.errors?.[0]).toMatchObject({
      path: '/schema/0/properties/0/required',
      message: 'must be boolean'
    });
    expect(problem(`${head.replace('v3.1.0', 'v2.2.0')}schema: [{ name: a }]`).details.errors?.[0]?.path).toBe('/apiVersion');
    const places = problem(`${head}schema: [{ name: a, quality: [{ metric: nullValues, mustBe: 0 }, { type: custom, mustBe: 0 }, { metric: rowCount }] }]`).details.errors;
    expect(places?.map(({ path }) => path)).toEqual(['/schema/0/quality/0', '/schema/0/quality/1', '/schema/0/quality/2']);
    expect(problem(`${head}schema: [{ name: a }, { name: b }]`).message).toContain('none of the 2 tables');
  });

  test('bounds hold at their edges', () => {
    expect(isWithin(5, { mustBeBetween: [5, 6] })).toBe(true);
    expect(isWithin(5, { mustNotBeBetween: [5, 6] })).toBe(false);
    expect(isWithin(5, { mustBeGreaterThan: 5 })).toBe(false);
    expect(isWithin(5, { mustBeLessOrEqualTo: 5, mustNotBe: 4 })).toBe(true);
  });

  test('a warning that fails does not fail the run; a check without a number does', () => {
    const [check] = compile('  - { name: f, quality: [{ metric: rowCount, mustBe: 1 }] }');
    if (check === undefined) throw new Error('no check');
    expect(runState([resultOf({ ...check, severity: 'warning' }, 2)])).toBe('passed');
    expect(runState([resultOf(check, 2)])).toBe('failed');
    expect(runState([resultOf(check, undefined)])).toBe('failed');
    expect(runState([])).toBe('passed');
  });

  test('one that is suggested from a profile can be set as it is', () => {
    const column = { type: 'VARCHAR', kind: 'text', count: 100, nullCount: 0, distinctCount: 2, min: 'a', max: 'b', mean: null, deviation: null, histogram: null } as const;
    const document = suggestContract('flights', {
      rowCount: 100,
      columns: [
        {
          ...column,
          name: 'side',
          topValues: [
            { value: 'a: b', count: 50 },
            { value: '2', count: 50 }
          ]
        },
        { ...column, name: 'id', distinctCount: 100, topValues: null }
      ]
    });
    expect(compileContract(document, 'flights').map(({ rule }) => rule)).toEqual([
      'row count must be at least 50',
      'side must not be null',
      'invalid values of side must be 0',
      'id must not be null',
      'id must be unique'
    ]);
  });
});
