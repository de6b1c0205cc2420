import { metricWord } from './words';

describe('numbers of metrics', () => {
  test.each([
    [0, '0'],
    [null, '–'],
    [Number.MAX_VALUE, '∞'],
    [-Number.MAX_VALUE, '−∞'],
    [0.123456, '0.1235'],
    [0.00001234, '1.234e-5'],
    [12345, '12\u202f345'],
    [98765432.1, '9.877e+7']
  ])('%p reads %s', (value, text) => expect(metricWord(value)).toBe(text));
});
