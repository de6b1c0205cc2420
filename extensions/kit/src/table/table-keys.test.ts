import { describe, expect, test } from '@jest/globals';
import { nextSort } from './column';
import { rowAfter, rowByPrefix } from './table-keys';

describe('keys in a table', () => {
  test('arrows, pages and ends stay within the rows', () => {
    expect(rowAfter('ArrowDown', 9, 10, 5)).toBe(9);
    expect(rowAfter('PageUp', 3, 10, 5)).toBe(0);
    expect(rowAfter('End', 0, 10, 5)).toBe(9);
    expect(rowAfter('a', 0, 10, 5)).toBeUndefined();
    expect(rowAfter('Home', 0, 0, 5)).toBeUndefined();
  });
  test('a letter goes to the next row that begins so, around the end; more letters stay where they fit', () => {
    const names = ['alpha', 'beta', 'Bravo'];
    const text = (index: number): string => names[index] ?? '';
    expect(rowByPrefix('b', 1, 3, text)).toBe(2);
    expect(rowByPrefix('b', 2, 3, text)).toBe(1);
    expect(rowByPrefix('br', 2, 3, text)).toBe(2);
    expect(rowByPrefix('z', 0, 3, text)).toBe(-1);
  });
  test('a column head goes up, down, none', () => {
    const up = nextSort(undefined, 'name');
    expect(up).toEqual({ column: 'name', direction: 'ascending' });
    expect(nextSort(up, 'name')).toEqual({ column: 'name', direction: 'descending' });
    expect(nextSort({ column: 'name', direction: 'descending' }, 'name')).toBeUndefined();
  });
});
