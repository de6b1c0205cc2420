import { describe, expect, test } from '@jest/globals';
import { diffLines } from './diff.ts';

const short = (from: string, to: string): string[] => diffLines(from, to).map(({ kind, text }) => `${kind === 'same' ? ' ' : kind === 'added' ? '+' : '-'}${text}`);

describe('diffLines', () => {
  test('shows what went and what came, in place', () => {
    expect(short('a\nb\nc\nd\n', 'a\nx\nc\nd\ne\n')).toEqual([' a', '-b', '+x', ' c', ' d', '+e']);
  });
  test('numbers the lines of both sides', () => {
    expect(diffLines('a\nb', 'b')).toEqual([
      { kind: 'removed', text: 'a', fromLine: 1, toLine: null },
      { kind: 'same', text: 'b', fromLine: 2, toLine: 1 }
    ]);
  });
  test('equal and empty texts differ in nothing', () => {
    expect(short('a\r\n', 'a')).toEqual([' a']);
    expect(short('', '')).toEqual([]);
  });
  test('a text of many different lines is still answered', () => {
    const many = (letter: string): string => Array.from({ length: 3000 }, (_unused, index) => `${letter}${index}`).join('\n');
    expect(diffLines(many('a'), many('b'))).toHaveLength(6000);
  });
});
