import { Problem } from '@stratalab/contracts';

export interface ChatTurn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface ChatRequest {
  /** Base URL of the platform. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `tenant/endpoint`. */
  readonly model: string;
  readonly messages: readonly ChatTurn[];
  readonly signal: AbortSignal;
  readonly onText: (piece: string) => void;
}

export interface ChatUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Asks the gateway as any client would, and hands the text on as it comes. @throws Problem with what the gateway said */
export async function streamChat(request: ChatRequest): Promise<ChatUsage | undefined> {
  const answer = await fetch(`${request.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { ...request.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model: request.model, messages: request.messages, stream: true, stream_options: { include_usage: true } }),
    signal: request.signal
  });
  if (!answer.ok || answer.body === null) throw problemOf(await answer.text());
  let usage: ChatUsage | undefined;
  for await (const data of eventsOf(answer.body)) {
    if (data === '[DONE]') break;
    const chunk: unknown = JSON.parse(data);
    const failure = field(chunk, 'error');
    if (failure !== undefined) throw problemOf(data);
    const choices = field(chunk, 'choices');
    const piece = field(field(Array.isArray(choices) ? choices[0] : undefined, 'delta'), 'content');
    if (typeof piece === 'string' && piece !== '') request.onText(piece);
    const counted = field(chunk, 'usage');
    if (counted !== undefined && counted !== null) usage = { promptTokens: Number(field(counted, 'prompt_tokens')), completionTokens: Number(field(counted, 'completion_tokens')) };
  }
  return usage;
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) if (event.startsWith('data: ')) yield event.slice('data: '.length);
    }
  } finally {
    // Leaving early ends the generation at the model, too.
    await reader.cancel().catch(() => undefined);
  }
}

function problemOf(text: string): Problem {
  let message: unknown;
  try {
    message = field(field(JSON.parse(text), 'error'), 'message');
  } catch {
    message = undefined;
  }
  return new Problem('unavailable', { detail: typeof message === 'string' ? message : 'The endpoint did not answer.' });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
