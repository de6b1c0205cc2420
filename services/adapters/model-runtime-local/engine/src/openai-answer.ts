import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Generated } from './chat-model.ts';
import type { Generation } from './openai-request.ts';

/** Writes one answer, whole or as server-sent events, in the shape the OpenAI protocol wants. */
export interface Answer {
  /** Counts go to the gateway in headers and trailers, so that it need not read the body. */
  start(promptTokens: number): void;
  text(piece: string): void;
  end(generated: Generated): void;
}

export function createAnswer(response: ServerResponse, request: Generation): Answer {
  return request.isStream ? streamed(response, request) : whole(response, request);
}

function identity(request: Generation): { readonly id: string; readonly created: number; readonly model: string } {
  const prefix = request.prompt === undefined ? 'chatcmpl' : 'cmpl';
  return { id: `${prefix}-${randomBytes(16).toString('hex')}`, created: Math.floor(Date.now() / 1000), model: request.model };
}

function usageOf(promptTokens: number, completionTokens: number) {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens };
}

function whole(response: ServerResponse, request: Generation): Answer {
  let prompt = 0;
  let text = '';
  return {
    start: promptTokens => void (prompt = promptTokens),
    text: piece => void (text += piece),
    end({ completionTokens, finishReason }) {
      const isChat = request.prompt === undefined;
      const choice = isChat ? { message: { role: 'assistant', content: text, refusal: null } } : { text };
      const body = JSON.stringify({
        ...identity(request),
        object: isChat ? 'chat.completion' : 'text_completion',
        choices: [{ index: 0, ...choice, logprobs: null, finish_reason: finishReason }],
        usage: usageOf(prompt, completionTokens)
      });
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-prompt-tokens': prompt,
        'x-completion-tokens': completionTokens
      });
      response.end(body);
    }
  };
}

function streamed(response: ServerResponse, request: Generation): Answer {
  const isChat = request.prompt === undefined;
  const head = { ...identity(request), object: isChat ? 'chat.completion.chunk' : 'text_completion' };
  const nothing = request.isUsageIncluded ? { usage: null } : {};
  let prompt = 0;
  const send = (choice: object): void => void response.write(`data: ${JSON.stringify({ ...head, choices: [{ index: 0, ...choice, logprobs: null }], ...nothing })}\n\n`);
  return {
    start(promptTokens) {
      prompt = promptTokens;
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-prompt-tokens': promptTokens, trailer: 'x-completion-tokens' });
      if (isChat) send({ delta: { role: 'assistant', content: '' }, finish_reason: null });
      else response.flushHeaders();
    },
    text(piece) {
      if (piece !== '') send(isChat ? { delta: { content: piece }, finish_reason: null } : { text: piece, finish_reason: null });
    },
    end({ completionTokens, finishReason }) {
      send(isChat ? { delta: {}, finish_reason: finishReason } : { text: '', finish_reason: finishReason });
      if (request.isUsageIncluded) response.write(`data: ${JSON.stringify({ ...head, choices: [], usage: usageOf(prompt, completionTokens) })}\n\n`);
      response.write('data: [DONE]\n\n');
      response.addTrailers({ 'x-completion-tokens': String(completionTokens) });
      response.end();
    }
  };
}
