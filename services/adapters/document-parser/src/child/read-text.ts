import type { DocumentBlock, ParsedDocument } from '@stratalab/kernel';
import { cleanText } from './decode-text.ts';

/** Paragraphs of plain text are what stands between empty lines. */
export function readPlainText(source: string): ParsedDocument {
  const text = cleanText(source);
  const blocks: DocumentBlock[] = [];
  for (const match of text.matchAll(/\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*/g)) blocks.push({ kind: 'text', level: 0, from: match.index, to: match.index + match[0].length });
  return { title: null, text, blocks, pages: [] };
}
