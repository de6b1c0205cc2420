import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import fc from 'fast-check';
import { admit } from './quota.ts';

const amount = fc.integer({ min: 0, max: 100 });

describe('the admission rule', () => {
  test('P5 admits exactly what fits, and a refusal says the numbers and what would fit', () => {
    fc.assert(
      fc.property(amount, amount, amount, fc.integer({ min: 1, max: 100 }), (limit, used, reserved, requested) => {
        const state = { resource: 'gpu' as const, limit, used, reserved };
        const fits = used + reserved + requested <= limit;
        try {
          admit(state, requested);
          expect(fits).toBe(true);
        } catch (error) {
          expect(fits).toBe(false);
          expect(error).toMatchObject({ code: 'quota-exceeded', details: { resource: 'gpu', limit, used: used + reserved, requested } });
          const hint = error instanceof Problem ? (error.details.hint ?? '') : '';
          const offered = Number(/at most (\d+)/.exec(hint)?.[1] ?? 0);
          if (offered > 0) expect(() => admit(state, offered)).not.toThrow();
        }
      })
    );
  });

  test('no limit admits everything; asking for nothing is always admitted', () => {
    expect(() => admit({ resource: 'cpu', limit: null, used: 1e9, reserved: 0 }, 1e9)).not.toThrow();
    expect(() => admit({ resource: 'cpu', limit: 0, used: 5, reserved: 0 }, 0)).not.toThrow();
  });
});
