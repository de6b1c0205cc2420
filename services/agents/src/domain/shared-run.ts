import type { Word } from './words.ts';

export interface SharedRun {
  readonly words: readonly string[];
  /** Place in the second text. */
  readonly from: number;
  readonly to: number;
}

/** The longest run of words that stands in both texts, word for word, letter case aside; the first of equally long ones. */
export function longestSharedRun(first: readonly Word[], second: readonly Word[]): SharedRun | undefined {
  let bestLength = 0;
  let bestEnd = 0;
  let previous = new Uint16Array(second.length + 1);
  for (const { word } of first) {
    const current = new Uint16Array(second.length + 1);
    second.forEach((other, index) => {
      if (other.word !== word) return;
      const length = (previous[index] ?? 0) + 1;
      current[index + 1] = length;
      if (length > bestLength) {
        bestLength = length;
        bestEnd = index + 1;
      }
    });
    previous = current;
  }
  const run = second.slice(bestEnd - bestLength, bestEnd);
  const start = run[0];
  const end = run.at(-1);
  return start === undefined || end === undefined ? undefined : { words: run.map(word => word.word), from: start.from, to: end.to };
}
