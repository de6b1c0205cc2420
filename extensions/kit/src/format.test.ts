import { describe, expect, test } from '@jest/globals';
import { formatAgo, formatAmount, formatBytes, readableUnit } from './format';

describe('numbers for people', () => {
  test('thousands are apart by thin spaces and decimals end after two', () => {
    expect(formatAmount(1234567.891)).toBe('1\u202f234\u202f567.89');
    expect(formatAmount(0.1 + 0.2)).toBe('0.3');
  });
  test('sizes use binary units', () => {
    expect(formatBytes(0)).toBe('0\u202fB');
    expect(formatBytes(1536)).toBe('1.5\u202fKiB');
    expect(formatBytes(5 * 1024 ** 4)).toBe('5.0\u202fTiB');
  });
  test('amounts of memory are read in GiB where one of them is that large; nothing else changes its unit', () => {
    expect(readableUnit('MiB', [512, 24_105])).toEqual({ unit: 'GiB', factor: 1024 });
    expect(readableUnit('MiB', [512, null])).toEqual({ unit: 'MiB', factor: 1 });
    expect(readableUnit('tokens', [1_000_000])).toEqual({ unit: 'tokens', factor: 1 });
  });
  test('times are relative in the given language', () => {
    const now = Date.parse('2026-01-01T12:00:00Z');
    expect(formatAgo('2026-01-01T11:57:00Z', now, 'en')).toBe('3 minutes ago');
    expect(formatAgo('2026-01-01T11:57:00Z', now, 'zh-CN')).toBe('3分钟前');
  });
});
