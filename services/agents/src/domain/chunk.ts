import { estimateTokens } from './tokens.ts';
import { sentencesOf, type Piece } from './words.ts';

export interface Block extends Piece {
  readonly kind: 'heading' | 'text' | 'table' | 'code';
  readonly level: number;
}

export interface ChunkedText {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly pages: readonly { readonly page: number; readonly from: number }[];
}

export interface ChunkRule {
  /** A chunk is closed when the next piece would take it beyond this. */
  readonly targetTokens: number;
}

export interface NewChunk extends Piece {
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly tokens: number;
}

/** Small enough for the embedder's window (512 tokens) in any language, large enough for an answer to stand in one chunk. */
export const standardRule: ChunkRule = { targetTokens: 220 };

/**
 * Cuts a text into chunks: pieces of whole blocks, and of whole sentences where a block is too long, never across a heading. Every
 * character of a block that is not white space is in exactly one chunk; a chunk holds at most `targetTokens`, unless it is one word.
 */
export function chunkText(source: ChunkedText, rule: ChunkRule = standardRule): NewChunk[] {
  const chunks: NewChunk[] = [];
  const path: { level: number; text: string }[] = [];
  let open: { from: number; to: number; headings: readonly string[]; isHeadingOnly: boolean } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    chunks.push({ from: open.from, to: open.to, headings: open.headings, page: pageAt(source.pages, open.from), tokens: estimateTokens(source.text.slice(open.from, open.to)) });
    open = undefined;
  };
  const add = (piece: Piece, isHeading: boolean): void => {
    if (open !== undefined && !fits(source.text, { from: open.from, to: piece.to }, rule)) close();
    if (open === undefined) open = { from: piece.from, to: piece.to, headings: path.map(heading => heading.text), isHeadingOnly: isHeading };
    else open = { ...open, to: piece.to, isHeadingOnly: open.isHeadingOnly && isHeading, headings: open.isHeadingOnly ? path.map(heading => heading.text) : open.headings };
  };
  for (const block of source.blocks) {
    if (block.kind === 'heading') {
      if (open !== undefined && !open.isHeadingOnly) close();
      while (path.length > 0 && (path.at(-1)?.level ?? 0) >= block.level) path.pop();
      path.push({ level: block.level, text: headingText(source.text.slice(block.from, block.to)) });
    }
    for (const piece of piecesOf(source.text, block, rule)) add(piece, block.kind === 'heading');
  }
  close();
  return chunks;
}

/** What is embedded and indexed of a chunk: its text after the title and the headings it stands under, which often name its subject. */
export function contextualText(title: string, chunk: { readonly headings: readonly string[]; readonly content: string }): string {
  const context = [title, ...chunk.headings].filter((part, at, all) => part !== '' && all.indexOf(part) === at);
  return `${context.join(' › ')}\n${chunk.content}`;
}

function fits(text: string, piece: Piece, rule: ChunkRule): boolean {
  return estimateTokens(text.slice(piece.from, piece.to)) <= rule.targetTokens;
}

/** A block as one piece if it fits, else its lines (tables, code) or sentences, else runs of words. */
function piecesOf(text: string, block: Block, rule: ChunkRule): readonly Piece[] {
  const whole = { from: block.from, to: block.to };
  if (fits(text, whole, rule)) return [whole];
  const slice = text.slice(block.from, block.to);
  const parts = block.kind === 'table' || block.kind === 'code' ? linesOf(slice) : sentencesOf(slice);
  return parts.flatMap(part => {
    const piece = { from: block.from + part.from, to: block.from + part.to };
    return fits(text, piece, rule) ? [piece] : runsOf(text, piece, rule);
  });
}

function linesOf(text: string): readonly Piece[] {
  return [...text.matchAll(/\S[^\n]*/g)].map(match => ({ from: match.index, to: match.index + match[0].trimEnd().length }));
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Pieces of a text that has no better seam: cut after white space where there is some, else between whole characters. */
function runsOf(text: string, piece: Piece, rule: ChunkRule): readonly Piece[] {
  const runs: { from: number; to: number }[] = [];
  const units = [...text.slice(piece.from, piece.to).matchAll(/\S+/g)].flatMap(match => {
    const word = { from: piece.from + match.index, to: piece.from + match.index + match[0].length };
    return fits(text, word, rule) ? [word] : cutWord(text, word, rule);
  });
  for (const unit of units) {
    const last = runs.at(-1);
    if (last !== undefined && fits(text, { from: last.from, to: unit.to }, rule)) last.to = unit.to;
    else runs.push({ ...unit });
  }
  return runs;
}

function cutWord(text: string, word: Piece, rule: ChunkRule): readonly Piece[] {
  const pieces: { from: number; to: number }[] = [];
  let tokens = 0;
  for (const { segment, index } of graphemes.segment(text.slice(word.from, word.to))) {
    const cost = Math.max(estimateTokens(segment), segment.length / 4);
    const last = pieces.at(-1);
    const to = word.from + index + segment.length;
    if (last === undefined || tokens + cost > rule.targetTokens / 4) {
      pieces.push({ from: word.from + index, to });
      tokens = cost;
    } else {
      last.to = to;
      tokens += cost;
    }
  }
  return pieces;
}

function pageAt(pages: ChunkedText['pages'], at: number): number | null {
  return pages.findLast(page => page.from <= at)?.page ?? null;
}

function headingText(source: string): string {
  return source
    .replace(/^#{1,6}\s+/, '')
    .replace(/\n[=-]+\s*$/, '')
    .replace(/[*_`]|\s#+\s*$/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
