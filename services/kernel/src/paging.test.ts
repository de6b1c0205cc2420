import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, pageOf } from './paging.ts';

const part = fc.oneof(fc.string(), fc.integer());

describe('cursors', () => {
  test('read back as what was written', () => {
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), key => expect(decodeCursor(encodeCursor(key), key.length)).toEqual(key)));
  });

  test('any other text is refused as an invalid request, never a crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map(text => Buffer.from(text).toString('base64url'))
        ),
        text => {
          try {
            const key = decodeCursor(text, 2);
            expect(key).toHaveLength(2);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-request' });
          }
        }
      )
    );
  });

  test('a cursor of another list (other length) is refused', () => {
    expect(() => decodeCursor(encodeCursor(['a']), 2)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

describe('pages', () => {
  test('walking them gives every row once and in order, whatever the page size', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 10_000 })), fc.integer({ min: 1, max: 20 }), (numbers, limit) => {
        const rows = [...numbers].sort((a, b) => a - b);
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const after = decodeCursor(cursor, 1)?.[0] ?? -1;
          const fetched = rows.filter(row => row > Number(after)).slice(0, limit + 1);
          const page = pageOf(fetched, limit, { item: row => row, key: row => [row] });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(rows);
      })
    );
  });
});
