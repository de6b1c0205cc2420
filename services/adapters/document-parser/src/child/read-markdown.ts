import type { DocumentBlock, ParsedDocument } from '@stratalab/kernel';
import { marked, type Token } from 'marked';
import { cleanText } from './decode-text.ts';

const frontMatter = /^---\n([\s\S]*?)\n---\n/;

/** Markdown keeps its source as text, so that a citation shows what the author wrote; comments and link definitions are in no block. */
export function readMarkdown(source: string): ParsedDocument {
  const whole = cleanText(source);
  const matter = frontMatter.exec(whole);
  const text = matter === null ? whole : whole.slice(matter[0].length);
  const blocks: DocumentBlock[] = [];
  let title = matter === null ? null : titleOf(matter[1] ?? '');
  let at = 0;
  for (const token of marked.lexer(text)) {
    const from = text.startsWith(token.raw, at) ? at : text.indexOf(token.raw, at);
    if (from === -1) continue;
    at = from + token.raw.length;
    const block = blockOf(token, from);
    if (block === undefined) continue;
    blocks.push(block);
    if (block.kind === 'heading' && title === null) title = headingText(text.slice(block.from, block.to));
  }
  return { title, text, blocks, pages: [] };
}

/** A heading without its marks. */
export function headingText(source: string): string {
  return source
    .replace(/^#{1,6}\s+/, '')
    .replace(/\s+#*\s*$/, '')
    .replace(/\n[=-]+\s*$/, '')
    .replace(/[*_`]/g, '')
    .trim();
}

function blockOf(token: Token, from: number): DocumentBlock | undefined {
  const to = from + token.raw.trimEnd().length;
  if (to === from) return undefined;
  switch (token.type) {
    case 'space':
    case 'hr':
    case 'def':
      return undefined;
    case 'html':
      return /^\s*<(!--|script|style)/i.test(token.raw) ? undefined : { kind: 'text', level: 0, from, to };
    case 'heading':
      return { kind: 'heading', level: Number('depth' in token ? token['depth'] : 1), from, to };
    case 'code':
    case 'table':
      return { kind: token.type, level: 0, from, to };
    default:
      return { kind: 'text', level: 0, from, to };
  }
}

function titleOf(matter: string): string | null {
  const match = /^title:\s*["']?(.+?)["']?\s*$/m.exec(matter);
  return match?.[1] ?? null;
}
