import { Problem } from '@stratalab/contracts';
import type { DocumentFormat } from '@stratalab/contracts/agents';

const byEnding: Readonly<Record<string, DocumentFormat>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdown: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  txt: 'text',
  text: 'text',
  rst: 'text',
  log: 'text'
};
const readable = 'Markdown, text, HTML, PDF and Word (.docx) documents can be read.';

/**
 * The format of a document by its first bytes, then by its name: a name can claim anything, so what is binary must look like its format.
 * @throws unsupported-format for anything else
 */
export function documentFormat(name: string, head: Uint8Array): DocumentFormat {
  const start = new TextDecoder('latin1').decode(head.subarray(0, 1_024));
  if (start.includes('%PDF-')) return 'pdf';
  const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (start.startsWith('PK\u0003\u0004') && ending === 'docx') return 'docx';
  const isWide = /^(\u00ff\u00fe|\u00fe\u00ff)/.test(start);
  const format = byEnding[ending] ?? (ending === '' ? 'text' : undefined);
  if (format !== undefined && (isWide || !start.includes('\u0000'))) return format;
  throw new Problem('unsupported-format', { detail: `'${name}' is not a document this platform reads.`, hint: readable });
}

/**
 * A file name as it is kept and shown: its last part, without control characters.
 * @throws invalid-request when nothing is left
 */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .normalize('NFC')
    .trim();
  if (clean === '' || clean === '.' || clean === '..') throw new Problem('invalid-request', { detail: 'The document needs a file name.' });
  return clean;
}
