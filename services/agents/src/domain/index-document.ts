import { createHash } from 'node:crypto';
import { chunkText, contextualText, type ChunkedText } from './chunk.ts';
import { countTerms, termsOf } from './terms.ts';

/**
 * Chunks of a document as they are stored: with their text, and with the terms of text and context. The id of a chunk depends on the
 * document, its place and its text only, so that the same document built again has the same chunks.
 */
export function indexDocument(document: { readonly id: string; readonly title: string }, source: ChunkedText) {
  return chunkText(source).map((chunk, ordinal) => {
    const content = source.text.slice(chunk.from, chunk.to);
    const terms = termsOf(contextualText(document.title, { headings: chunk.headings, content }));
    return { ...chunk, id: chunkId(document.id, ordinal, content), ordinal, content, terms: countTerms(terms), length: terms.length };
  });
}

function chunkId(document: string, ordinal: number, content: string): string {
  return createHash('sha256').update(`${document}\n${ordinal}\n${content}`).digest('hex').slice(0, 32);
}
