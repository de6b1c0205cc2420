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

  test('a refusal counts as people do: one thing in the singular, sizes with two decimals', () => {
    const refusal = (resource: 'workspaces' | 'storage-mib', limit: number, used: number, requested: number): string => {
      try {
        admit({ resource, limit, used, reserved: 0 }, requested);
        return '';
      } catch (error) {
        return error instanceof Problem ? `${error.details.detail ?? ''} ${error.details.hint ?? ''}` : 'bug';
      }
    };
    expect(refusal('workspaces', 1, 1, 1)).toBe('This needs 1 workspace; 1 of 1 are in use. Wait until something finishes, or ask an administrator for more workspaces.');
    expect(refusal('workspaces', 3, 2, 2)).toBe('This needs 2 workspaces; 2 of 3 are in use. Ask for at most 1 workspace, or wait until something finishes.');
    expect(refusal('storage-mib', 10, 9.998_046_875, 0.002_929_687_5)).toContain('This needs 0.01 MiB; 10 of 10 are in use. Wait');
  });
});
