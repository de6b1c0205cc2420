import { nullTranslator } from '@jupyterlab/translation';
import type { Run } from '@stratalab/contracts/models';
import { orderOf, runColumns } from './run-columns';

const run = (metrics: Record<string, number>, params: Record<string, string>): Run =>
  ({
    name: 'r',
    state: 'finished',
    startedAt: null,
    createdBy: 'ann',
    origin: { kind: 'workspace' },
    metrics: Object.entries(metrics).map(([key, value]) => ({ key, value })),
    params: Object.entries(params).map(([key, value]) => ({ key, value }))
  }) as unknown as Run;

describe('columns of runs', () => {
  const texts = nullTranslator.load('stratalab');

  test('every metric and param of the rows has a column; the first five of each are shown', () => {
    const metrics = Object.fromEntries(Array.from({ length: 7 }, (_unused, index) => [`m${index}`, index]));
    const columns = runColumns([run(metrics, { depth: '3' }), run({ other: 1 }, {})], texts);
    const ids = columns.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['metrics.m0', 'metrics.other', 'params.depth']));
    expect(columns.filter(({ id, isHidden }) => id.startsWith('metrics.') && isHidden !== true)).toHaveLength(5);
    expect(columns.find(({ id }) => id === 'metrics.other')?.text(run({}, {}))).toBe('');
  });

  test('the order is what the service reads, with quoted names', () => {
    expect(orderOf(undefined)).toBeUndefined();
    expect(orderOf({ column: 'metrics.train/loss', direction: 'ascending' })).toBe('metrics.`train/loss` asc');
    expect(orderOf({ column: 'attributes.start_time', direction: 'descending' })).toBe('attributes.`start_time` desc');
  });
});
