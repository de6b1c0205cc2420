import { describe, expect, test } from '@jest/globals';
import { formatAgo, formatAmount, formatBytes } from './format';

describe('numbers for people', () => {
  test('thousands are apart by thin spaces and decimals end after two', () => {
    expect(formatAmount(1234567.891)).toBe('1\u2009234\u2009567.89');
    expect(formatAmount(0.1 + 0.2)).toBe('0.3');
  });
  test('sizes use binary units', () => {
    expect(formatBytes(0)).toBe('0\u2009B');
    expect(formatBytes(1536)).toBe('1.5\u2009KiB');
    expect(formatBytes(5 * 1024 ** 4)).toBe('5.0\u2009TiB');
  });
  test('times are relative in the given language', () => {
    const now = Date.parse('2026-01-01T12:00:00Z');
    expect(formatAgo('2026-01-01T11:57:00Z', now, 'en')).toBe('3 minutes ago');
    expect(formatAgo('2026-01-01T11:57:00Z', now, 'zh-CN')).toBe('3分钟前');
  });
});
