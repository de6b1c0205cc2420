import type { DocumentBlock, ParsedDocument } from '@stratalab/kernel';
import { getDocumentProxy } from 'unpdf';
import { cleanText } from './decode-text.ts';
import { linesOf, paragraphsOf, type PdfLine } from './pdf-layout.ts';
import { Refused } from './refused.ts';

const pageLimit = 3_000;

/** Reads the text of a PDF page by page; larger letters than the body's make a heading. */
export async function readPdf(bytes: Uint8Array): Promise<ParsedDocument> {
  const pdf = await getDocumentProxy(bytes, { verbosity: 0, disableFontFace: true, useSystemFonts: false, stopAtErrors: false }).catch((error: unknown) => {
    const isProtected = error instanceof Error && error.name === 'PasswordException';
    throw new Refused(isProtected ? 'The PDF is protected by a password.' : 'The file is not a complete PDF.');
  });
  if (pdf.numPages > pageLimit) throw new Refused(`The PDF has more than ${pageLimit} pages.`, 'payload-too-large');
  const pages: PdfLine[][] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    pages.push(linesOf((await page.getTextContent()).items));
    page.cleanup();
  }
  const { info } = await pdf.getMetadata();
  return assemble(pages, 'Title' in info && typeof info.Title === 'string' ? info.Title.trim() : '');
}

function assemble(pages: readonly (readonly PdfLine[])[], declaredTitle: string): ParsedDocument {
  const heights = pages.flat().map(line => line.height);
  const bodyHeight = heights.toSorted((a, b) => a - b)[Math.floor(heights.length / 2)] ?? 0;
  const blocks: DocumentBlock[] = [];
  const starts: { page: number; from: number }[] = [];
  let text = '';
  pages.forEach((lines, index) => {
    starts.push({ page: index + 1, from: text.length });
    for (const paragraph of paragraphsOf(lines, bodyHeight)) {
      const content = cleanText(paragraph.text).trim();
      if (content === '') continue;
      blocks.push({ kind: paragraph.level > 0 ? 'heading' : 'text', level: paragraph.level, from: text.length, to: text.length + content.length });
      text += `${content}\n\n`;
    }
  });
  if (text === '') throw new Refused('The PDF holds no text; it may be a scan. Run text recognition on it first.');
  const heading = blocks.find(block => block.kind === 'heading');
  const found = heading === undefined ? null : text.slice(heading.from, heading.to);
  return { title: declaredTitle === '' ? found : cleanText(declaredTitle), text, blocks, pages: starts };
}
