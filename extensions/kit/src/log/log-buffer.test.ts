import { describe, expect, test } from '@jest/globals';
import { LogBuffer } from './log-buffer';

describe('the newest lines of a log', () => {
  test('lines come out whole wherever the pieces were cut', () => {
    const buffer = new LogBuffer();
    for (const piece of ['fir', 'st\nsec', 'ond\nthi']) buffer.append(piece);
    expect(buffer.lines).toEqual(['first', 'second', 'thi']);
  });
  test('the oldest lines go when there are too many, and are counted', () => {
    const buffer = new LogBuffer(3);
    buffer.append('1\n2\n3\n4\n5\n');
    expect(buffer.lines).toEqual(['3', '4', '5']);
    expect(buffer.droppedLines).toBe(2);
  });
  test('the oldest lines go when there are too many characters', () => {
    const buffer = new LogBuffer(1000, 20);
    for (let line = 0; line < 10; line += 1) buffer.append('123456789\n');
    expect(buffer.lines).toHaveLength(2);
    expect(buffer.droppedLines).toBe(8);
  });
  test('a line without an end does not grow for ever', () => {
    const buffer = new LogBuffer(10, 100);
    for (let piece = 0; piece < 50; piece += 1) buffer.append('x'.repeat(10));
    expect(buffer.lines.join('')).toHaveLength(100);
  });
});
