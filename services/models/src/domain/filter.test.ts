import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFilter, parseOrder } from './filter.ts';
import { MlflowError } from './mlflow-error.ts';

describe("MLflow's filter grammar", () => {
  test('comparisons, quoted names, lists and absence', () => {
    expect(parseFilter(`metrics.loss < 0.2 AND params."batch size" = '32' and tags.\`a/b\` IS NOT NULL and attributes.run_id IN ('x', 'y')`)).toEqual([
      { entity: 'metric', key: 'loss', operator: '<', value: 0.2 },
      { entity: 'param', key: 'batch size', operator: '=', value: '32' },
      { entity: 'tag', key: 'a/b', operator: 'IS NOT NULL', value: null },
      { entity: 'attribute', key: 'run_id', operator: 'IN', value: ['x', 'y'] }
    ]);
    expect(parseFilter("name ILIKE '%x%'")).toEqual([{ entity: 'attribute', key: 'name', operator: 'ILIKE', value: '%x%' }]);
    expect(parseFilter('metric.a>=-1.5e-3')).toEqual([{ entity: 'metric', key: 'a', operator: '>=', value: -0.0015 }]);
    expect(parseFilter('  ')).toEqual([]);
  });

  test.each(['metrics.a', 'metrics.a <', "params.a = 'x' OR params.b = 'y'", 'params.a = x', "nothing.a = 'x'", "attributes.run_id IN 'x'", "params.a = 'x", "a = 'b' c"])(
    'what cannot be read is refused: %s',
    text => expect(() => parseFilter(text)).toThrow(MlflowError)
  );

  test('orders', () => {
    expect(parseOrder('metrics.`a b` DESC')).toEqual({ entity: 'metric', key: 'a b', isDescending: true });
    expect(parseOrder('start_time')).toEqual({ entity: 'attribute', key: 'start_time', isDescending: false });
    expect(() => parseOrder('metrics.a sideways')).toThrow(MlflowError);
  });

  test('no text makes it fail in any other way, or take long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), text => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MlflowError);
        }
      })
    );
  });
});
