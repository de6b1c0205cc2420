import { Problem } from '@stratalab/contracts';

/** Writes the key of the last row of a page as an opaque cursor. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Reads a cursor of `length` parts; `undefined` for the first page.
 * @throws invalid-request when the text is not a cursor of ours
 */
export function decodeCursor(cursor: string | undefined, length: number): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === length && key.every(part => typeof part === 'string' || typeof part === 'number')) return key;
  } catch {
    // falls through to the refusal
  }
  throw new Problem('invalid-request', { detail: 'The cursor is not one this list gave out.', hint: 'Start again from the first page.' });
}

/** Cuts `limit + 1` fetched rows into a page: the extra row only tells that there is more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  parts: { item: (row: Row) => Item; key: (row: Row) => readonly (string | number)[] }
): { items: Item[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(parts.item), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(parts.key(last)) : null };
}
