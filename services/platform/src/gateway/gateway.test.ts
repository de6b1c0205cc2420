import { once } from 'node:events';
import { Agent, createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePorts, waitFor } from '@stratalab/tooling';
import { createGateway } from './gateway.ts';
import { pathBehind, serviceOf } from './service-of.ts';

describe('where a request goes', () => {
  test.each([
    ['/api/catalog/v1/tenants/demo/datasets?limit=1', 'catalog'],
    ['/api/events/v1/tenants/demo/stream', 'control'],
    ['/openai/v1/chat/completions', 'serving'],
    ['/mlflow/demo/api/2.0/mlflow/runs/create', 'models'],
    ['/admin/', 'control'],
    ['/oauth_callback?code=1', 'control'],
    ['/', 'control']
  ])('%s is answered by %s', (path, service) => expect(serviceOf(path)).toBe(service));

  test.each([
    ['/services/stratalab/admin/', '/admin/'],
    ['/services/stratalab', '/'],
    ['/services/stratalab?a=1', '/?a=1'],
    ['/services/stratalabel/admin', undefined],
    ['/hub/login', undefined]
  ])('%s is %s behind the prefix', (url, path) => expect(pathBehind('/services/stratalab', url)).toBe(path));
});

describe('the gateway', () => {
  let gateway: Server;
  let service: Server;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const seen: [string, number][] = [];
  let base = '';

  beforeAll(async () => {
    service = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const { port } = service.address() as AddressInfo;
    const urls = new Map([
      ['catalog', `http://127.0.0.1:${port}`],
      ['models', `http://127.0.0.1:${await freePorts()}`]
    ]);
    gateway = createGateway({ urls, prefix: '/services/stratalab', observe: (name, status) => void seen.push([name, status]) }).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    base = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/services/stratalab`;
  });
  afterAll(() => {
    for (const server of [gateway, service]) {
      server.close();
      server.closeAllConnections();
    }
  });

  test('passes method, whole path, headers and body on, and the answer back', async () => {
    handle = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(201, { 'x-answer': `${request.method} ${request.url} ${request.headers.authorization}` }).end(Buffer.concat(chunks));
      });
    };
    const body = Buffer.alloc(3_000_000, 'x');
    const answer = await fetch(`${base}/api/catalog/v1/x?y=1`, { method: 'PUT', body, headers: { authorization: 'Bearer me' } });
    expect([answer.status, answer.headers.get('x-answer')]).toEqual([201, 'PUT /services/stratalab/api/catalog/v1/x?y=1 Bearer me']);
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    await waitFor(() => seen.some(([name, status]) => name === 'catalog' && status === 201));
  });

  test('an event stream arrives as it is written, and ends at the service when its reader leaves', async () => {
    const written: ServerResponse[] = [];
    let isLeft = false;
    handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      response.once('close', () => (isLeft = true));
      written.push(response);
    };
    const leave = new AbortController();
    const answer = await fetch(`${base}/api/catalog/v1/stream`, { signal: leave.signal });
    const reader = answer.body?.getReader();
    written[0]?.write('data: one\n\n');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: one\n\n');
    leave.abort();
    await waitFor(() => isLeft);
  });

  test('a service that is gone is a problem that may be tried again; a path of nobody is none', async () => {
    const gone = await fetch(`${base}/mlflow/demo/version`);
    expect([gone.status, gone.headers.get('retry-after'), await gone.json()]).toEqual([503, '2', expect.objectContaining({ code: 'unavailable', retryable: true })]);
    expect((await fetch(`${base}/api/nothing/v1`)).status).toBe(404);
    expect(await (await fetch(`${base}/livez`)).json()).toEqual({ status: 'ok' });
  });

  test('a large body for a service that is gone does not stand in the way of the next request on its connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const upload = (): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = send(`${base}/mlflow/demo/upload`, { agent, method: 'POST' }, answer => void answer.resume().once('end', () => resolve(answer.statusCode)));
        sent.once('error', reject).end(Buffer.alloc(500_000));
      });
    expect([await upload(), await upload()]).toEqual([503, 503]);
    agent.destroy();
  });
});
