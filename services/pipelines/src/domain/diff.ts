import type { DiffLine } from '@stratalab/contracts/pipelines';

/** More cells than this in the comparison table, and the middle is shown as replaced as a whole. */
const largestTable = 4_000_000;

/** Lines of two texts side by side, by their longest common subsequence; equal ends are cut off first. */
export function diffLines(fromText: string, toText: string): DiffLine[] {
  const from = linesOf(fromText);
  const to = linesOf(toText);
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  const lines: DiffLine[] = [];
  const same = (index: number, shift: number): number => lines.push({ kind: 'same', text: from[index] ?? '', fromLine: index + 1, toLine: index + shift + 1 });
  for (let index = 0; index < start; index += 1) same(index, 0);
  lines.push(...middle(from.slice(start, from.length - end), to.slice(start, to.length - end), start));
  for (let index = from.length - end; index < from.length; index += 1) same(index, to.length - from.length);
  return lines;
}

function middle(from: readonly string[], to: readonly string[], start: number): DiffLine[] {
  const removed = (index: number): DiffLine => ({ kind: 'removed', text: from[index] ?? '', fromLine: start + index + 1, toLine: null });
  const added = (index: number): DiffLine => ({ kind: 'added', text: to[index] ?? '', fromLine: null, toLine: start + index + 1 });
  if (from.length * to.length > largestTable) return [...from.keys()].map(removed).concat([...to.keys()].map(added));
  const width = to.length + 1;
  // lengths[i * width + j]: longest common subsequence of from[i..] and to[j..]
  const lengths = new Uint32Array((from.length + 1) * width);
  const length = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) lengths[i * width + j] = from[i] === to[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      lines.push({ kind: 'same', text: from[i] ?? '', fromLine: start + i + 1, toLine: start + j + 1 });
      i += 1;
      j += 1;
    } else if (i < from.length && (j === to.length || length(i + 1, j) >= length(i, j + 1))) {
      lines.push(removed(i));
      i += 1;
    } else {
      lines.push(added(j));
      j += 1;
    }
  }
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
