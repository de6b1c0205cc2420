import type { ParsedDocument } from '@stratalab/kernel';
import mammoth from 'mammoth';
import { checkArchive } from './check-archive.ts';
import { htmlToDocument } from './read-html.ts';

/** Reads a Word document: headings, paragraphs, lists and tables; pictures are left out. */
export async function readDocx(bytes: Uint8Array): Promise<ParsedDocument> {
  await checkArchive(bytes, 'word/document.xml');
  const convertImage = mammoth.images.imgElement(async () => ({ src: '' }));
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage, includeEmbeddedStyleMap: false, externalFileAccess: false });
  return htmlToDocument(value);
}
