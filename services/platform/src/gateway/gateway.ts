import { Agent, createServer, request as send, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Problem } from '@stratalab/contracts';
import { newId } from '@stratalab/kernel';
import { pathBehind, serviceOf } from './service-of.ts';

export interface GatewayOptions {
  /** Public prefix without a slash at its end; services get the whole path, prefix included. */
  readonly prefix: string;
  readonly urls: ReadonlyMap<string, string>;
  /** Told once per request when it is over. */
  readonly observe: (service: string, status: number, seconds: number) => void;
}

/** Of one connection only; the next one has its own (RFC 9110, 7.6.1). */
const ofOneConnection = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
const connectTimeoutMs = 10_000;

/**
 * One address before services that run apart: passes each request on to the service its path names, bodies and event streams as they flow. It knows no person and keeps
 * no state, so any number of it may run. A service that does not answer is a 503 that says so.
 */
export function createGateway({ prefix, urls, observe }: GatewayOptions): Server {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
  const server = createServer((incoming, outgoing) => {
    const started = performance.now();
    const path = pathBehind(prefix, incoming.url ?? '/');
    const service = path === undefined ? undefined : serviceOf(path);
    const target = service === undefined ? undefined : urls.get(service);
    const known = service !== undefined && target !== undefined ? service : 'unknown';
    outgoing.once('close', () => observe(known, outgoing.statusCode, (performance.now() - started) / 1000));
    if (path === '/livez') outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    else if (target === undefined) refuse(outgoing, new Problem('not-found', { detail: 'No service answers this path.' }));
    else forward(incoming, outgoing, { target, agent, service: known });
  });
  // Large files come slowly; headers have Node's own minute.
  server.requestTimeout = 3_600_000;
  server.on('close', () => agent.destroy());
  return server;
}

interface Target {
  readonly target: string;
  readonly service: string;
  readonly agent: Agent;
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, { target, service, agent }: Target): void {
  const upstream = send(new URL(incoming.url ?? '/', target), { agent, method: incoming.method, headers: passedOn(incoming.headers) });
  const deadline = setTimeout(() => upstream.destroy(new Error('It did not accept the connection.')), connectTimeoutMs);
  upstream.once('socket', socket => (socket.connecting ? socket.once('connect', () => clearTimeout(deadline)) : clearTimeout(deadline)));
  upstream.once('response', answer => {
    outgoing.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
    // Headers of an event stream must not wait for its first event.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.once('error', () => outgoing.destroy());
  });
  upstream.once('error', () => {
    clearTimeout(deadline);
    // The rest of a body must not stay on the connection, where the next request would wait behind it.
    incoming.resume();
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, new Problem('unavailable', { detail: `The service '${service}' does not answer right now.`, retryAfterSeconds: 2 }));
  });
  // Whoever leaves is not worked for any more.
  outgoing.once('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneConnection.includes(name)));
}

function refuse(outgoing: ServerResponse, problem: Problem): void {
  const { retryAfterSeconds } = problem.details;
  const wait = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  outgoing.writeHead(problem.status, { 'content-type': 'application/problem+json', ...wait }).end(JSON.stringify(problem.toDocument(newId())));
}
