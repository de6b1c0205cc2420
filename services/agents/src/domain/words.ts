/** A word of a text with its place. */
export interface Word {
  /** Lower case, compatibility forms folded. */
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** Words of a text in any language; Chinese and Japanese are cut by dictionary. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (isWordLike === true) words.push({ word: segment.normalize('NFKC').toLowerCase(), from: index, to: index + segment.length });
  }
  return words;
}

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });

export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Sentences of a text without the white space around them; line breaks end a sentence too. */
export function sentencesOf(text: string): Piece[] {
  const found: Piece[] = [];
  for (const { segment, index } of sentences.segment(text)) {
    const from = index + (segment.length - segment.trimStart().length);
    const to = index + segment.trimEnd().length;
    if (to > from) found.push({ from, to });
  }
  return found;
}
