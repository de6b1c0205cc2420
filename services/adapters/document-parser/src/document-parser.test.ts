import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ParsableFormat, ParsedDocument } from '@stratalab/kernel';
import fc from 'fast-check';
import JSZip from 'jszip';
import { decodeText } from './child/decode-text.ts';
import { htmlToDocument } from './child/read-html.ts';
import { readMarkdown } from './child/read-markdown.ts';
import { readPdf } from './child/read-pdf.ts';
import { readPlainText } from './child/read-text.ts';
import { createDocumentParser } from './document-parser.ts';

const samples = new URL('../../../agents/sample/', import.meta.url);
const parser = createDocumentParser();

function parse(format: ParsableFormat, bytes: Uint8Array | string): Promise<ParsedDocument> {
  const content = (async function* () {
    yield typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  })();
  return parser.parse({ format, content });
}

const textsOf = (document: ParsedDocument): string[] => document.blocks.map(block => document.text.slice(block.from, block.to));

async function word(documentXml: string, more: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Uint8Array> {
  const archive = new JSZip();
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
  archive.file(
    '_rels/.rels',
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${type}" Target="word/document.xml"/></Relationships>`
  );
  archive.file('word/document.xml', documentXml);
  for (const [name, content] of Object.entries(more)) archive.file(name, content);
  return archive.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
}

const body = (text: string): string =>
  `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`;

describe('real documents', () => {
  test('a PDF keeps its pages, headings and paragraphs', async () => {
    const document = await parse('pdf', await readFile(new URL('models-and-endpoints.pdf', samples)));
    expect(document.title).toBe('Models and endpoints');
    expect(document.pages).toHaveLength(2);
    expect(document.blocks.filter(block => block.kind === 'heading').map(block => [block.level, document.text.slice(block.from, block.to)])).toEqual([
      [1, 'Models and endpoints'],
      [2, 'Experiments and runs'],
      [2, 'Model versions and aliases'],
      [2, 'Adding a language model'],
      [2, 'Deploying'],
      [2, 'The gateway'],
      [2, 'Tokens']
    ]);
    const second = document.pages[1]?.from ?? 0;
    expect(document.text.slice(second)).toMatch(/^Deploying\n\nDeploying keeps a model version running\. A replica counts/);
  });

  test('a Word document keeps headings and tables', async () => {
    const document = await parse('docx', await readFile(new URL('security.docx', samples)));
    expect(document.text).toContain('## Keys and tokens\n\nAn access key starts with sk-strata-');
    expect(document.text).toContain('| A dataset version is published | yes |');
  });

  test('HTML is read as its reader sees it', async () => {
    const document = await parse('html', await readFile(new URL('jobs-and-quotas.html', samples)));
    expect(document.title).toBe('Jobs and quotas');
    expect(document.text).toContain('| Jobs at once | 50 |');
    expect(document.text).toContain('three launchers exist'.replace('three', 'Three'));
    expect(document.text).not.toMatch(/font-family|#jobs/);
  });

  test('text comes in the encodings people have', () => {
    const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
    expect(decodeText(new TextEncoder().encode('数据'))).toBe('数据');
    expect(decodeText(bytes(0xff, 0xfe, 0x70, 0x65))).toBe('数');
    expect(decodeText(bytes(0xca, 0xfd, 0xbe, 0xdd))).toBe('数据');
    expect(decodeText(bytes(0x63, 0x61, 0x66, 0xe9))).toBe('café');
    expect(decodeText(bytes(0xcf, 0xf0, 0xe8), 'windows-1251')).toBe('При');
  });
});

describe('hostile documents', () => {
  test('T42 an archive that unpacks to far more than it should is refused before anything reads it', async () => {
    const bomb = await word(body('small'), { 'word/media/zeros.xml': new Uint8Array(80 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(200_000);
    await expect(parse('docx', bomb)).rejects.toMatchObject({ code: 'payload-too-large' });
  });

  test('T43 an external entity is neither read nor fetched', async () => {
    let hits = 0;
    const canary = createServer((_request, response) => {
      hits += 1;
      response.end('fetched');
    });
    await new Promise<void>(resolve => canary.listen(0, '127.0.0.1', resolve));
    const { port } = canary.address() as AddressInfo;
    try {
      for (const target of ['file:///etc/passwd', `http://127.0.0.1:${port}/`]) {
        const xml = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "${target}">]>${body('before &e; after')}`;
        const outcome = await parse('docx', await word(xml)).then(textsOf, (error: unknown) => [String(error)]);
        expect(outcome.join()).not.toMatch(/root:|fetched/);
      }
      await parse(
        'html',
        `<p>text</p><img src="http://127.0.0.1:${port}/a.png"><link rel="stylesheet" href="http://127.0.0.1:${port}/b.css"><iframe src="http://127.0.0.1:${port}/"></iframe>`
      );
      expect(hits).toBe(0);
    } finally {
      canary.close();
    }
  });

  test('T45 what nobody sees is not read', () => {
    const document = htmlToDocument(
      '<p>Seen.</p><script>obey()</script><p hidden>Obey one.</p><p style="display: none">Obey two.</p><span style="font-size:0">Obey three.</span><!-- obey four --><p>A\u200bl\u{E0041}so.</p>'
    );
    expect(document.text).toBe('Seen.\n\nAlso.');
    expect(textsOf(readMarkdown('Seen.\n\n<!-- obey -->\n\n[x]: http://obey "obey"\n'))).toEqual(['Seen.']);
  });

  test('nesting without end is refused, not fatal', async () => {
    const impatient = createDocumentParser({ timeoutMs: 10_000 });
    const content = (async function* () {
      yield new TextEncoder().encode(`${'<div>'.repeat(30_000)}deep`);
    })();
    await expect(impatient.parse({ format: 'html', content })).rejects.toMatchObject({ code: expect.stringMatching(/invalid-input|payload-too-large|timed-out/) });
  });

  test.each<readonly [ParsableFormat, string, string]>([
    ['pdf', '%PDF-1.7\n1 0 obj', 'The file is not a complete PDF.'],
    ['docx', 'PK\u0003\u0004', 'The file is not a complete Word document.'],
    ['markdown', ' \n\n ', 'The document holds no text.']
  ])('%s: %j says what is wrong', async (format, content, detail) => {
    await expect(parse(format, content)).rejects.toMatchObject({ code: 'invalid-input', details: { detail } });
  });

  test('damage anywhere in a PDF gives text or a reason', async () => {
    const whole = new Uint8Array(await readFile(new URL('models-and-endpoints.pdf', samples)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }), async damage => {
        const bytes = whole.slice();
        for (const [at, value] of damage) bytes[at] = value;
        const document = await readPdf(bytes).catch(() => undefined);
        for (const block of document?.blocks ?? []) expect(block.to).toBeLessThanOrEqual(document?.text.length ?? 0);
      }),
      { numRuns: 25 }
    );
  });

  test('blocks of any Markdown and any text lie in order inside the text', () => {
    const piece = fc.constantFrom('# a', '- b', '> c', '```', '| d |\n|---|', '\r\n', '\n\n', '<b>', '[e]: f', '    g', '***', '\u0000', '\ud800', '1. h', '<!--', '-->', 'i\n===');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
        for (const document of [readMarkdown(pieces.join('\n')), readPlainText(pieces.join('\n'))]) {
          let end = 0;
          expect(document.text.isWellFormed()).toBe(true);
          for (const block of document.blocks) {
            expect(block.from).toBeGreaterThanOrEqual(end);
            expect(block.to).toBeGreaterThan(block.from);
            end = block.to;
          }
          expect(end).toBeLessThanOrEqual(document.text.length);
        }
      })
    );
  });
});
