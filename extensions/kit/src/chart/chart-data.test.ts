import { describe, expect, test } from '@jest/globals';
import { aligned, positiveOnly, smoothed } from './chart-data';

describe('data of a chart', () => {
  test('series of different steps share one axis with gaps', () => {
    const chart = aligned([
      {
        label: 'a',
        points: [
          { x: 0, y: 1 },
          { x: 2, y: 3 }
        ]
      },
      {
        label: 'b',
        points: [
          { x: 1, y: Number.NaN },
          { x: 2, y: 5 }
        ]
      }
    ]);
    expect(chart).toEqual({
      x: [0, 1, 2],
      columns: [
        [1, null, 3],
        [null, null, 5]
      ]
    });
  });
  test('smoothing keeps a constant, starts at the first value and skips gaps', () => {
    expect(smoothed([4, 4, 4], 0.9).map(value => value?.toFixed(6))).toEqual(['4.000000', '4.000000', '4.000000']);
    const [first, gap, next] = smoothed([0, null, 10], 0.5);
    expect([first, gap]).toEqual([0, null]);
    expect(next).toBeCloseTo(6.6667, 3);
  });
  test('a logarithmic axis leaves out zero and below', () => expect(positiveOnly([0, -1, 2, null])).toEqual([null, null, 2, null]));
});
