import type { ParsedDocument } from '@stratalab/kernel';
import { parseHTML } from 'linkedom';
import TurndownService from 'turndown';
import { decodeText } from './decode-text.ts';
import { readMarkdown } from './read-markdown.ts';

const neverText = 'script,style,noscript,template,iframe,object,embed,svg,math,canvas,nav,form,button,select,input,textarea,[hidden],[aria-hidden="true"]';
const hiddenStyle = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])/i;

/** Reads a page as its reader sees it: no scripts, no hidden elements, no navigation; nothing it links to is fetched or kept. */
export function readHtml(bytes: Uint8Array): ParsedDocument {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2_048));
  return htmlToDocument(decodeText(bytes, /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]));
}

/** As `readHtml`, for HTML that is text already. */
export function htmlToDocument(html: string): ParsedDocument {
  const { document } = parseHTML(html.includes('<html') || html.includes('<HTML') ? html : `<html><body>${html}</body></html>`);
  for (const element of document.querySelectorAll(neverText)) element.remove();
  for (const element of document.querySelectorAll('[style]')) if (hiddenStyle.test(element.getAttribute('style') ?? '')) element.remove();
  const title = document.querySelector('title')?.textContent?.trim() ?? '';
  const root = document.querySelector('main') ?? document.querySelector('article') ?? document.body;
  const parsed = readMarkdown(createTurndown().turndown(root ?? ''));
  return { ...parsed, title: title === '' ? parsed.title : title };
}

/** Structure stays (headings, lists, tables, code); marks inside a line go, they would stand between words and their quotation. */
function createTurndown(): TurndownService {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  service.escape = text => text;
  service.addRule('plain', { filter: ['a', 'em', 'i', 'strong', 'b', 'u', 's', 'sup', 'sub'], replacement: content => content });
  service.addRule('image', { filter: 'img', replacement: () => '' });
  service.addRule('cell', { filter: ['td', 'th'], replacement: content => ` ${content.replace(/\s+/g, ' ').trim()} |` });
  service.addRule('row', { filter: 'tr', replacement: content => `|${content}\n` });
  service.addRule('table', { filter: 'table', replacement: content => `\n\n${content.replace(/\n{2,}/g, '\n').trim()}\n\n` });
  service.addRule('table-part', { filter: ['thead', 'tbody', 'tfoot'], replacement: content => content });
  return service;
}
