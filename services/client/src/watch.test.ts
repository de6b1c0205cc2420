import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createEventParser, watch, type ServerSentEvent } from './watch.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A real HTTP server that answers each connection with the next handler. */
async function serve(
  handlers: readonly ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<{ readonly url: string; readonly seen: (string | undefined)[] }> {
  const seen: (string | undefined)[] = [];
  server = createServer((request, response) => {
    const handler = handlers[seen.length] ?? handlers.at(-1);
    seen.push(request.headers['last-event-id']?.toString());
    handler?.(request, response);
  });
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function stream(...blocks: string[]): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const block of blocks) response.write(block);
    response.end();
  };
}

describe('the parser of event streams', () => {
  test('reads the same events however the bytes are cut', () => {
    const text = ': hello\n\nid: 1\nevent: job.finished.v1\ndata: {"a":\ndata: 1}\n\nid: 2\ndata:no space\n\nretry: 5\n\ndata\n\n';
    const whole: ServerSentEvent[] = [
      { id: '1', event: 'job.finished.v1', data: '{"a":\n1}' },
      { id: '2', event: 'message', data: 'no space' },
      { id: undefined, event: 'message', data: '' }
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), cuts => {
        const events: ServerSentEvent[] = [];
        const parse = createEventParser(event => void events.push(event));
        const points = [0, ...cuts.sort((one, other) => one - other), text.length];
        for (let index = 1; index < points.length; index++) parse(text.slice(points[index - 1], points[index]));
        expect(events).toEqual(whole);
      })
    );
  });

  test('an unfinished event is not delivered', () => {
    const events: ServerSentEvent[] = [];
    createEventParser(event => void events.push(event))('id: 1\ndata: half');
    expect(events).toEqual([]);
  });
});

describe('watch', () => {
  test('goes on after a lost connection where it stopped: no gap, no double', async () => {
    const stop = new AbortController();
    const { url, seen } = await serve([stream('id: 1\ndata: a\n\n', 'id: 2\ndata: b\n\n', 'id: 3\ndata: ha'), stream('id: 3\ndata: c\n\n')]);
    const events: string[] = [];
    const states: string[] = [];
    await watch({
      url,
      headers: () => ({}),
      signal: stop.signal,
      onState: state => states.push(state),
      onEvent: event => {
        events.push(event.data);
        if (event.data === 'c') stop.abort();
      }
    });
    expect(events).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual([undefined, '2']);
    expect(states.slice(0, 3)).toEqual(['open', 'retrying', 'open']);
  });

  test('begins where it is told', async () => {
    const stop = new AbortController();
    const { url, seen } = await serve([stream('id: 8\ndata: x\n\n')]);
    await watch({ url, headers: () => ({}), signal: stop.signal, lastEventId: '7', onEvent: () => stop.abort() });
    expect(seen).toEqual(['7']);
  });

  test('waits out a service that is away, and ends with the problem when it is refused', async () => {
    const { url, seen } = await serve([
      (_request, response) => void response.writeHead(503).end(),
      (_request, response) => void response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ code: 'forbidden', detail: 'Not you.' }))
    ]);
    await expect(watch({ url, headers: () => ({}), signal: new AbortController().signal, onEvent: () => undefined })).rejects.toMatchObject({ code: 'forbidden' });
    expect(seen).toHaveLength(2);
  });

  test.each(['just before', 'while'])('ends at once when it is told to stop %s it waits', async moment => {
    const stop = new AbortController();
    // No time passes here.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    try {
      await expect(
        watch({
          url: 'http://127.0.0.1:1',
          headers: () => ({}),
          signal: stop.signal,
          onEvent: () => undefined,
          onState: () => void (moment === 'while' ? setImmediate(() => stop.abort()) : stop.abort()),
          fetch: () => Promise.reject(new TypeError('fetch failed'))
        })
      ).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });
});
