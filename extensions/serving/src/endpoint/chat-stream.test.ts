import { ReadableStream } from 'node:stream/web';
import { TextDecoder, TextEncoder } from 'node:util';
import { streamChat } from './chat-stream';

Object.assign(globalThis, { TextDecoder });

/** Answers with these pieces, cut where a network may cut them. */
function answerWith(pieces: readonly string[], status = 200): void {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    }
  });
  Object.assign(globalThis, { fetch: async () => ({ ok: status === 200, body, text: async () => pieces.join('') }) });
}

const request = { url: 'http://platform', headers: {}, model: 'demo/smol', messages: [], signal: new AbortController().signal };

test('text comes piece by piece however the network cuts it, with the usage at the end', async () => {
  answerWith([
    'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\ndata: {"cho',
    'ices":[{"delta":{"content":"Par"}}]}\n\n',
    'data: {"choices":[{"delta":{"content":"is"}}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":17,"completion_tokens":2}}\n\ndata: [DONE]\n\n'
  ]);
  const texts: string[] = [];
  expect(await streamChat({ ...request, onText: text => texts.push(text) })).toEqual({ promptTokens: 17, completionTokens: 2 });
  expect(texts).toEqual(['Par', 'is']);
});

test('F36 an error in the middle of a stream is an error, not the end of the answer', async () => {
  answerWith(['data: {"choices":[{"delta":{"content":"Par"}}]}\n\n', 'data: {"error":{"message":"The model stopped in the middle of its answer."}}\n\n']);
  await expect(streamChat({ ...request, onText: () => undefined })).rejects.toThrow('The model stopped in the middle of its answer.');
});

test('a refusal says what the gateway said', async () => {
  answerWith(['{"error":{"message":"Too many tokens today."}}'], 429);
  await expect(streamChat({ ...request, onText: () => undefined })).rejects.toThrow('Too many tokens today.');
});
