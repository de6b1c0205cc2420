import { describe, expect, test } from '@jest/globals';
import { Type } from 'typebox';
import { loadConfig } from './config.ts';

const schema = Type.Object({
  STRATALAB_DATA: Type.String({ minLength: 1 }),
  STRATALAB_PORT: Type.Integer({ default: 8000, minimum: 1, maximum: 65_535 }),
  STRATALAB_SHARE: Type.Number({ default: 0.5 }),
  STRATALAB_IS_QUIET: Type.Boolean({ default: false })
});

describe('configuration', () => {
  test('text becomes the declared type, defaults fill in, other variables are ignored', () => {
    expect(loadConfig(schema, { STRATALAB_DATA: '/d', STRATALAB_PORT: '8100', STRATALAB_IS_QUIET: 'true', HOME: '/root' })).toEqual({
      STRATALAB_DATA: '/d',
      STRATALAB_PORT: 8100,
      STRATALAB_SHARE: 0.5,
      STRATALAB_IS_QUIET: true
    });
  });

  test('an empty variable is as good as none', () => {
    expect(loadConfig(schema, { STRATALAB_DATA: '/d', STRATALAB_PORT: '' }).STRATALAB_PORT).toBe(8000);
  });

  test('every bad variable is named at once', () => {
    const load = (): unknown => loadConfig(schema, { STRATALAB_PORT: '70000' });
    expect(load).toThrow(/STRATALAB_PORT/);
    expect(load).toThrow(/STRATALAB_DATA/);
  });

  test('a number with a unit is refused, not cut', () => {
    expect(() => loadConfig(schema, { STRATALAB_DATA: '/d', STRATALAB_PORT: '80s' })).toThrow(/STRATALAB_PORT/);
  });
});
