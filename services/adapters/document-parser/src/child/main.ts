import { buffer } from 'node:stream/consumers';
import type { ParsedDocument } from '@stratalab/kernel';
import { decodeText } from './decode-text.ts';
import { readDocx } from './read-docx.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readPdf } from './read-pdf.ts';
import { readPlainText } from './read-text.ts';
import { Refused } from './refused.ts';

/** Program of the reading process: one document on standard input, its text or the reason why not as JSON on standard output. */
async function read(format: string | undefined, bytes: Uint8Array): Promise<ParsedDocument> {
  switch (format) {
    case 'markdown':
      return readMarkdown(decodeText(bytes));
    case 'html':
      return readHtml(bytes);
    case 'docx':
      return readDocx(bytes);
    case 'pdf':
      return readPdf(bytes);
    case 'text':
      return readPlainText(decodeText(bytes));
    default:
      throw new Refused('This format is not read.');
  }
}

async function answer(): Promise<object> {
  try {
    const bytes = await buffer(process.stdin);
    const document = await read(process.argv[2], new Uint8Array(bytes));
    if (document.blocks.length === 0) throw new Refused('The document holds no text.');
    return { document };
  } catch (error) {
    if (error instanceof Refused) return { refused: { code: error.code, detail: error.message } };
    // What a library says can quote the document or name a path: only its kind leaves the process.
    return {
      refused: { code: 'invalid-input', detail: `The document could not be read (${error instanceof RangeError ? 'it is nested too deeply' : 'its content is damaged'}).` }
    };
  }
}

process.stdout.end(JSON.stringify(await answer()));
