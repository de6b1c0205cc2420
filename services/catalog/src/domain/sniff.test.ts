import { describe, expect, test } from '@jest/globals';
import { isDataFile, sniffFormat, type FileSample } from './sniff.ts';

const sample = (name: string, content: string | Uint8Array, isWhole = true): FileSample => {
  const head = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name, head, tail: head.slice(-8), isWhole };
};
const format = (name: string, content: string | Uint8Array, isWhole = true): string => sniffFormat([sample(name, content, isWhole)]);
const refusal = (name: string, content: string | Uint8Array, isWhole = true): string => {
  try {
    return `taken as ${format(name, content, isWhole)}`;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('the format of a file', () => {
  test.each([
    ['rows.txt', 'a,b\n1,2\n', 'csv'],
    ['rows.csv', '\uFEFFa;b\n1;2\n', 'csv'],
    ['one.csv', 'a\n1\n', 'csv'],
    ['rows.csv', 'a\tb\n1\tx,y\n', 'tsv'],
    ['rows.txt', '\n{"a": 1}\n{"a": 2}\n', 'jsonl'],
    ['rows.csv', 'PAR1....PAR1', 'parquet'],
    ['names.csv', 'name,città\n王伟,Roma\n', 'csv']
  ])('%s is told by its bytes: %j', (name, content, expected) => {
    expect(format(name, content)).toBe(expected);
  });

  test('a character that is cut at the end of what was read is no reason to refuse', () => {
    const cut = new TextEncoder().encode('a,b\n1,王').slice(0, -1);
    expect(format('rows.csv', cut, false)).toBe('csv');
    expect(format('rows.jsonl', '{"text": "very long', false)).toBe('jsonl');
    expect(refusal('rows.csv', cut)).toContain('neither Parquet nor text');
  });

  test.each([
    ['rows.csv', Uint8Array.of(0x1f, 0x8b, 8), 'packed (gzip)'],
    ['rows.parquet', 'PAR1 cut', 'its end is missing'],
    ['rows.csv', Uint8Array.of(1, 0, 2), 'neither Parquet nor text'],
    ['rows.json', '[{"a": 1}]', 'a JSON array'],
    ['rows.json', '{\n"a": 1}', 'not one object a line'],
    ['page.csv', '<!DOCTYPE html><p>a,b', 'markup'],
    ['note.txt', 'just words\n', 'text without columns']
  ])('%s is refused whatever its name says', (name, content, reason) => {
    expect(refusal(name, content)).toContain(reason);
  });

  test('the files of one version have one format', () => {
    expect(() => sniffFormat([sample('a.csv', 'a,b\n'), sample('b.tsv', 'a\tb\n')])).toThrow('‘a.csv’ is csv and ‘b.tsv’ is tsv');
    expect(() => sniffFormat([])).toThrow('no data file');
    expect(['_SUCCESS', '.part.crc', 'deep/_log', 'a.csv'].filter(name => isDataFile({ name, sizeBytes: 1 }))).toEqual(['a.csv']);
  });
});
