import { afterAll, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { createLocalEmbedder } from './index.ts';

const venv = fileURLToPath(new URL('../../../../.venv', import.meta.url));
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe('the local embedder', () => {
  const embedder = createLocalEmbedder({ venv });
  afterAll(() => embedder.close());

  test('finds the passage that answers a question, in English and in Chinese', async () => {
    const texts = ['Employees receive 25 days of paid vacation each year.', 'Gradient descent lowers the loss.', '发票必须在收到货物后三十天内支付。'];
    const passages = await embedder.embed({ texts, kind: 'passage' });
    const best = async (question: string): Promise<number> => {
      const { vectors } = await embedder.embed({ texts: [question], kind: 'query' });
      const scores = passages.vectors.map(vector => dot(vector, vectors[0] ?? new Float32Array()));
      return scores.indexOf(Math.max(...scores));
    };
    expect(await best('How many holidays do I get?')).toBe(0);
    expect(await best('payment deadline of an invoice')).toBe(2);
    expect(passages.tokenCount).toBeGreaterThan(20);
  });

  test('answers unit vectors, the same ones for the same text, in the order of the texts', async () => {
    const texts = Array.from({ length: 19 }, (_unused, index) => `text ${index}`);
    const first = await embedder.embed({ texts, kind: 'passage' });
    const again = await embedder.embed({ texts: [...texts].reverse(), kind: 'passage' });
    expect(first.vectors).toHaveLength(19);
    expect(first.vectors.every(vector => vector.length === 384 && Math.abs(dot(vector, vector) - 1) < 1e-3)).toBe(true);
    expect(Array.from(again.vectors.at(-1) ?? [])).toEqual(Array.from(first.vectors[0] ?? []));
  });

  test('takes zero bytes, half characters and nothing at all', async () => {
    expect((await embedder.embed({ texts: ['a\0b', '\ud800', ' '], kind: 'query' })).vectors).toHaveLength(3);
    expect(await embedder.embed({ texts: [], kind: 'query' })).toEqual({ vectors: [], tokenCount: 0 });
  });

  test('an aborted request is dropped, and the next one is answered', async () => {
    const stop = new AbortController();
    const long = embedder.embed({ texts: Array.from({ length: 200 }, (_unused, index) => `passage ${index}`), kind: 'passage', signal: stop.signal });
    const question = embedder.embed({ texts: ['overtakes'], kind: 'query' });
    expect((await question).vectors).toHaveLength(1);
    stop.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    expect((await embedder.embed({ texts: ['still here'], kind: 'query' })).vectors).toHaveLength(1);
  });

  test('starts again after it was closed; a missing package is a plain problem', async () => {
    await embedder.close();
    expect((await embedder.embed({ texts: ['back'], kind: 'query' })).vectors).toHaveLength(1);
    const absent = createLocalEmbedder({ venv: '/nowhere' });
    await expect(absent.embed({ texts: ['x'], kind: 'query' })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
