import { problemFromAnswer } from './problem-error.ts';

export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

export interface WatchOptions {
  readonly url: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ServerSentEvent) => void;
  /** Called when the stream is (re)connected or lost; panels show a quiet "reconnecting". */
  readonly onState?: (state: 'open' | 'retrying') => void;
  readonly lastEventId?: string;
  /** Replaceable for tests; the global `fetch` unless given. */
  readonly fetch?: typeof fetch;
}

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** Splits a text/event-stream into events; keeps an unfinished tail between chunks. */
export function createEventParser(onEvent: (event: ServerSentEvent) => void): (chunk: string) => void {
  let buffer = '';
  return chunk => {
    buffer += chunk;
    let end = buffer.indexOf('\n\n');
    while (end >= 0) {
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      const event = parseBlock(block);
      if (event !== undefined) onEvent(event);
      end = buffer.indexOf('\n\n');
    }
  };
}

function parseBlock(block: string): ServerSentEvent | undefined {
  let id: string | undefined;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith(':')) continue;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
}

/**
 * Follows a server-sent event stream until `signal` aborts; reconnects with `Last-Event-ID` so that nothing is missed or seen twice.
 * @throws Problem when the service refuses (401, 403, 404); lost connections are retried with back-off
 */
export async function watch(options: WatchOptions): Promise<void> {
  let lastEventId = options.lastEventId;
  let retryMs = firstRetryMs;
  const onEvent = (event: ServerSentEvent): void => {
    if (event.id !== undefined) lastEventId = event.id;
    retryMs = firstRetryMs;
    options.onEvent(event);
  };
  const request = options.fetch ?? fetch;
  while (!options.signal.aborted) {
    try {
      const answer = await request(options.url, {
        headers: { ...options.headers(), accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
        signal: options.signal,
        cache: 'no-store'
      });
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) throw problemFromAnswer(answer.status, await answer.json().catch(() => undefined));
      if (answer.ok && answer.body !== null) {
        options.onState?.('open');
        // A parser per connection: what was cut off comes again whole, by its id.
        await pump(answer.body, createEventParser(onEvent));
      }
    } catch (error) {
      if (options.signal.aborted) return;
      if (isRefusal(error)) throw error;
    }
    if (options.signal.aborted) return;
    options.onState?.('retrying');
    await pause(retryMs, options.signal);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'Problem';
}

async function pump(body: ReadableStream<Uint8Array>, parse: (chunk: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parse(decoder.decode(value, { stream: true }));
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  // A signal that aborted before says so no more.
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
