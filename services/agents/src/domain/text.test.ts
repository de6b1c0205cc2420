import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chunkText, type Block } from './chunk.ts';
import { termsOf } from './terms.ts';
import { estimateTokens } from './tokens.ts';
import { sentencesOf, wordsOf } from './words.ts';

describe('terms', () => {
  test('fold case, width and English plurals, and leave out words that tell nothing', () => {
    expect(termsOf('The QUOTAS of a Ｔｅｎａｎｔ, its policies and its processes')).toEqual(['quota', 'tenant', 'policy', 'processe']);
  });

  test('Chinese gives pairs of neighbours, so that a word is found whatever stands beside it', () => {
    expect(termsOf('向量数据库')).toEqual(['向量', '量数', '数据', '据库']);
    expect(termsOf('数据库')).toEqual(['数据', '据库']);
    expect(termsOf('租户的配额')).toEqual(['租户', '配额']);
    expect(termsOf('最多 50 个 job')).toEqual(['最多', '50', 'job']);
  });

  test('never fail, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        for (const term of termsOf(text)) expect(term).not.toBe('');
      })
    );
  });
});

describe('words and sentences', () => {
  test('their places point back into the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        for (const { word, from, to } of wordsOf(text)) expect(text.slice(from, to).normalize('NFKC').toLowerCase()).toBe(word);
        for (const { from, to } of sentencesOf(text)) expect(text.slice(from, to)).toBe(text.slice(from, to).trim());
      })
    );
  });

  test('sentences end in any language', () => {
    const text = 'One. Two? 第三句。第四句！';
    expect(sentencesOf(text).map(({ from, to }) => text.slice(from, to))).toEqual(['One.', 'Two?', '第三句。', '第四句！']);
  });
});

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcdefg'), minLength: 1, maxLength: 9 }),
  fc.constantFrom('数据库', '😀', 'https://example.org/'.repeat(30), '向量检索'.repeat(100), 'é')
);
const paragraph = fc.record({
  kind: fc.constantFrom('heading' as const, 'text' as const, 'table' as const, 'code' as const),
  level: fc.integer({ min: 1, max: 6 }),
  text: fc.array(word, { minLength: 1, maxLength: 80 }).chain(words => fc.constantFrom(' ', '. ', '\n').map(separator => words.join(separator)))
});

function documentOf(paragraphs: readonly { readonly kind: Block['kind']; readonly level: number; readonly text: string }[]): { text: string; blocks: Block[]; pages: never[] } {
  let text = '';
  const blocks = paragraphs.map(part => {
    const from = text.length;
    text += `${part.text}\n\n`;
    return { kind: part.kind, level: part.kind === 'heading' ? part.level : 0, from, to: from + part.text.length };
  });
  return { text, blocks, pages: [] };
}

describe('chunks', () => {
  test('hold every character of every block once, in order, within the limit, between whole characters', () => {
    fc.assert(
      fc.property(fc.array(paragraph, { maxLength: 12 }), fc.integer({ min: 20, max: 300 }), (paragraphs, targetTokens) => {
        const source = documentOf(paragraphs);
        const chunks = chunkText(source, { targetTokens });
        let end = 0;
        for (const chunk of chunks) {
          expect(chunk.from).toBeGreaterThanOrEqual(end);
          expect(source.text.slice(end, chunk.from).trim()).toBe('');
          expect(chunk.to).toBeGreaterThan(chunk.from);
          const content = source.text.slice(chunk.from, chunk.to);
          expect(content.isWellFormed()).toBe(true);
          expect(estimateTokens(content)).toBeLessThanOrEqual(targetTokens);
          expect(chunk.tokens).toBe(estimateTokens(content));
          end = chunk.to;
        }
        expect(source.text.slice(end).trim()).toBe('');
        expect(chunkText(source, { targetTokens })).toEqual(chunks);
      })
    );
  });

  test('know the headings above them and never cross one', () => {
    const source = documentOf([
      { kind: 'heading', level: 1, text: '# Guide' },
      { kind: 'heading', level: 2, text: '## Jobs' },
      { kind: 'text', level: 0, text: 'A job runs.' },
      { kind: 'heading', level: 3, text: '### Waiting' },
      { kind: 'text', level: 0, text: 'It waits.' },
      { kind: 'heading', level: 2, text: '## Quotas ##' },
      { kind: 'text', level: 0, text: 'A limit.' }
    ]);
    expect(chunkText(source).map(chunk => [chunk.headings.join(' › '), source.text.slice(chunk.from, chunk.to)])).toEqual([
      ['Guide › Jobs', '# Guide\n\n## Jobs\n\nA job runs.'],
      ['Guide › Jobs › Waiting', '### Waiting\n\nIt waits.'],
      ['Guide › Quotas', '## Quotas ##\n\nA limit.']
    ]);
  });

  test('know their page', () => {
    const blocks = [
      { kind: 'text' as const, level: 0, from: 0, to: 5 },
      { kind: 'heading' as const, level: 1, from: 7, to: 12 }
    ];
    const chunks = chunkText({
      text: 'first\n\nother',
      blocks,
      pages: [
        { page: 1, from: 0 },
        { page: 2, from: 7 }
      ]
    });
    expect(chunks.map(chunk => chunk.page)).toEqual([1, 2]);
  });
});
