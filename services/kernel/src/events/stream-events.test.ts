import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kernelRoutes, type EventRecord } from '@stratalab/contracts';
import { createTestHost, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import type { FastifyInstance } from 'fastify';
import type { Actor } from '../actor.ts';
import { implement } from '../http/implement.ts';
import { createHttpServer } from '../http/server.ts';
import { systemClock } from '../ports/clock.ts';
import { createLogger } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { appendEvent } from './append-event.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createStreamEvents } from './stream-events.ts';

const path = '/api/events/v1/tenants/demo/stream';
const ann = testActor({ subject: 'ann', tenants: { demo: 'viewer' } });

describe('the event stream', () => {
  let host: TestHost;
  let app: FastifyInstance;
  let port: number;
  let log: EventLog;
  /** Up to here a stream has read. */
  let readTo = 0;
  let heads = 0;
  /** What a request waits at. */
  let held: { readonly at: string; readonly until: Promise<void>; isReached: boolean } | undefined;
  const pass = async (at: string): Promise<void> => {
    if (held?.at !== at) return;
    held.isReached = true;
    await held.until;
  };
  const stop = new AbortController();
  const metrics = createMetrics();
  const actors = new Map<string, Actor>([
    ['ann-credential', ann],
    ['eve-credential', testActor({ subject: 'eve', tenants: { other: 'admin' } })]
  ]);
  const identity = {
    async identify(credential: string): Promise<Actor | undefined> {
      await pass('the identity');
      return actors.get(credential);
    }
  };
  const streams = async (): Promise<number> => (await metrics.eventStreams.get()).values[0]?.value ?? 0;
  /** Those of the tests before end a moment after their connections. */
  const noneOpen = (): Promise<true> => waitFor(async () => (await streams()) === 0 || undefined);

  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    log = createEventLog(host.database, stop.signal);
    const own: EventLog = {
      ...log,
      async read(request) {
        const events = await log.read(request);
        readTo = events.at(-1)?.position ?? readTo;
        return events;
      },
      async head() {
        const position = await log.head();
        await pass('the position');
        heads += 1;
        return position;
      }
    };
    const logger = createLogger({ level: 'silent', service: 'test' });
    const server = createHttpServer({ database: host.database, identity, logger, metrics, clock: systemClock, stop: stop.signal, prefix: '' });
    app = server.app;
    implement(app, server.parts, kernelRoutes, { streamEvents: createStreamEvents({ log: own, identity, metrics, recheckMs: 25 }), live: async () => ({ status: 'ok' as const }) });
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = (app.server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    stop.abort();
    await app.close();
    await host.close();
  });

  const append = (tenant: string, label: string, name: 'job.changed.v1' | 'model.version-registered.v1' = 'job.changed.v1'): Promise<void> =>
    host.database.inTenant({ tenant }, tx => appendEvent(tx, { name, tenant, urn: `urn:strata:${tenant}:job:x`, data: { label } }));

  async function open(headers: Record<string, string> = {}, query = '', credential = 'ann-credential'): Promise<IncomingMessage> {
    const request = httpRequest({ host: '127.0.0.1', port, path: path + query, headers: { authorization: `Bearer ${credential}`, ...headers } });
    request.end();
    const [answer]: [IncomingMessage] = (await once(request, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    return answer;
  }

  /** Reads events until `enough`, then hangs up, as a lost connection does. */
  async function collect(answer: IncomingMessage, enough: (events: readonly EventRecord[]) => boolean): Promise<EventRecord[]> {
    const events: EventRecord[] = [];
    let text = '';
    for await (const chunk of answer) {
      text += String(chunk);
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (data === undefined) continue;
        const event = JSON.parse(data) as EventRecord;
        expect(part).toContain(`id: ${event.position}\n`);
        events.push(event);
        if (enough(events)) return events;
      }
    }
    return events;
  }
  const label = (event: EventRecord): unknown => event.data['label'];

  test('P7 resumes by Last-Event-ID without gap or duplicate while eight writers write and the connection keeps breaking', async () => {
    await append('demo', 'start');
    const first = await collect(await open({ 'last-event-id': '0' }), events => events.some(event => label(event) === 'start'));
    let position = first.at(-1)?.position ?? 0;
    const writing = Promise.all(
      Array.from({ length: 8 }, async (_unused, writer) => {
        for (let index = 0; index < 20; index++) await append(index % 4 === 0 ? 'other' : 'demo', `${writer}-${index}`);
      })
    );
    const seen: EventRecord[] = [];
    let cut = 0;
    while (seen.length < 8 * 15) {
      cut += 1;
      const wanted = 1 + ((cut * 7) % 13);
      const events = await collect(await open({ 'last-event-id': String(position) }), got => got.length >= wanted || seen.length + got.length >= 8 * 15);
      seen.push(...events);
      position = seen.at(-1)?.position ?? position;
    }
    await writing;
    expect(new Set(seen.map(label)).size).toBe(8 * 15);
    expect(seen.map(({ position: at }) => at)).toEqual([...seen.map(({ position: at }) => at)].sort((a, b) => a - b));
    expect(new Set(seen.map(({ tenant }) => tenant))).toEqual(new Set(['demo']));
  });

  test('without Last-Event-ID it starts now, and only wanted names come', async () => {
    await append('demo', 'before');
    const stream = await open({}, '?names=model.');
    await append('demo', 'unwanted');
    await append('demo', 'wanted', 'model.version-registered.v1');
    expect((await collect(stream, events => events.length === 1)).map(label)).toEqual(['wanted']);
  });

  test.each(['-1', 'abc', '1e9', '9'.repeat(16)])('a position that is none is refused: %s', async position => {
    expect((await open({ 'last-event-id': position })).statusCode).toBe(400);
  });

  test('T01 T05 a stranger gets 404 and nobody 401, before any byte of the stream', async () => {
    expect((await open({}, '', 'eve-credential')).statusCode).toBe(404);
    expect((await open({}, '', 'unknown-credential')).statusCode).toBe(401);
  });

  test('T11 a revoked credential loses its open stream', async () => {
    actors.set('revoked-credential', ann);
    const stream = await open({}, '', 'revoked-credential');
    const ended = once(stream.resume(), 'close');
    actors.delete('revoked-credential');
    await ended;
  });

  test('a demoted member loses its stream too', async () => {
    actors.set('scoped-credential', { ...ann, scopes: ['event:read'] });
    const stream = await open({}, '', 'scoped-credential');
    const ended = once(stream.resume(), 'close');
    actors.set('scoped-credential', { ...ann, scopes: [] });
    await ended;
  });

  test('F33 a reader that never reads is cut off; its memory is given back', async () => {
    await noneOpen();
    const stream = await open({ 'last-event-id': '0' });
    stream.pause();
    const text = 'x'.repeat(60_000);
    let sent = 0;
    while ((await streams()) > 0 && sent < 400) {
      await Promise.all(Array.from({ length: 8 }, () => append('demo', text)));
      sent += 8;
      // No more before the stream wrote this: how much piles up is then not a matter of who is faster.
      const head = await log.head();
      await waitFor(async () => readTo >= head || (await streams()) === 0);
    }
    await noneOpen();
    expect(sent).toBeLessThan(400);
    stream.destroy();
  });

  test.each(['the identity', 'the position'])('F33 a reader that leaves while %s is looked up leaves nothing behind', async at => {
    await noneOpen();
    let goOn = (): void => undefined;
    const request = { at, until: new Promise<void>(resolve => (goOn = resolve)), isReached: false };
    held = request;
    const before = heads;
    const sent = httpRequest({ host: '127.0.0.1', port, path, agent: false, headers: { authorization: 'Bearer ann-credential' } });
    sent.on('error', () => undefined);
    sent.end();
    const [socket]: [Socket] = (await once(app.server, 'connection')) as [Socket];
    await waitFor(() => request.isReached);
    const closed = once(socket, 'close');
    sent.destroy();
    await closed;
    held = undefined;
    goOn();
    await waitFor(() => heads > before);
    expect(await streams()).toBe(0);
  });
});
