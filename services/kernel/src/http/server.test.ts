import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestHost, testActor, type TestHost } from '@stratalab/tooling';
import { closed, route } from '@stratalab/contracts';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { systemClock } from '../ports/clock.ts';
import { createLogger } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { implement } from './implement.ts';
import { createHttpServer } from './server.ts';

const hello = route({
  operationId: 'hello',
  method: 'GET',
  path: '/api/hello/v1/hello',
  summary: 'Say hello',
  permission: 'signed-in',
  audit: false,
  response: closed({ subject: Type.String() })
});

describe('the HTTP server', () => {
  let host: TestHost;
  let app: FastifyInstance;
  let anywhere: FastifyInstance;
  let handled = 0;
  const ann = testActor({ subject: 'ann' });
  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    app = serve({ allowedOrigins: ['https://hub.example'] });
    anywhere = serve({});
  });
  afterAll(async () => {
    await app.close();
    await anywhere.close();
    await host.close();
  });
  const serve = (given: { readonly allowedOrigins?: readonly string[] }): FastifyInstance => {
    const server = createHttpServer({
      database: host.database,
      identity: { identify: async credential => (credential === 'ann-credential' ? ann : undefined) },
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics: createMetrics(),
      clock: systemClock,
      stop: new AbortController().signal,
      prefix: '/services/stratalab',
      ...given
    });
    implement(
      server.app,
      server.parts,
      { hello },
      {
        hello: async call => {
          handled += 1;
          return { subject: call.actor.subject };
        }
      }
    );
    return server.app;
  };
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers: { authorization: 'Bearer ann-credential', ...headers } });

  test('answers with and without the prefix the proxy keeps', async () => {
    expect((await get('/services/stratalab/api/hello/v1/hello')).json()).toEqual({ subject: 'ann' });
    expect((await get('/api/hello/v1/hello')).statusCode).toBe(200);
    expect((await get('/services/stratalabx/api/hello/v1/hello')).statusCode).toBe(404);
  });

  test.each(['https://hub.example.evil.com', 'https://evil.com', 'http://hub.example', 'https://hub.example:444', 'null'])('T67 T68 the origin %s is refused', async origin => {
    const before = handled;
    expect((await get('/api/hello/v1/hello', { origin })).statusCode).toBe(403);
    expect(handled).toBe(before);
  });

  test('the origin of the Hub, and programs without one, are accepted', async () => {
    expect((await get('/api/hello/v1/hello', { origin: 'https://hub.example' })).statusCode).toBe(200);
    expect((await get('/api/hello/v1/hello')).statusCode).toBe(200);
  });

  test.each([
    ['http://localhost:8000', 'localhost:8000', 200],
    ['https://lab.example', 'lab.example', 200],
    ['http://localhost:8001', 'localhost:8000', 403],
    ['https://evil.com', 'lab.example', 403],
    ['https://lab.example.evil.com', 'lab.example', 403],
    ['null', 'lab.example', 403]
  ])('T67 T68 where no origin is named, %s of %s is answered with %i', async (origin, of, status) => {
    const answer = await anywhere.inject({ method: 'GET', url: '/api/hello/v1/hello', headers: { authorization: 'Bearer ann-credential', origin, host: of } });
    expect(answer.statusCode).toBe(status);
  });

  test('answers never invite another origin', async () => {
    const answer = await get('/api/hello/v1/hello', { origin: 'https://hub.example' });
    expect(Object.keys(answer.headers).filter(name => name.startsWith('access-control'))).toEqual([]);
  });

  test.each(['//api/hello/v1/hello', '/api/hello/v1/hello/', '/API/hello/v1/hello', '/api%2Fhello/v1/hello'])('T17 %s is another path', async url => {
    expect((await get(url)).statusCode).toBe(404);
  });
});
