import { timingSafeEqual } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { BadRequest } from './bad-request.ts';
import { loadChatModel, type ChatModel } from './chat-model.ts';
import { createAnswer } from './openai-answer.ts';
import { parseChat, parseCompletion } from './openai-request.ts';
import { readSpec } from './spec.ts';

/** One replica of a chat model: `node server.ts FOLDER`. Listens on loopback for who knows the secret, and writes its port into the folder. */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: server FOLDER');
const spec = readSpec(folder);
const expected = Buffer.from(`Bearer ${spec.secret}`);
const highestBodyBytes = 16 * 1024 * 1024;
const parsers = { '/v1/chat/completions': parseChat, '/v1/completions': parseCompletion };

const loaded: { model?: ChatModel } = {};
let lastHealthAt = Date.now();

function log(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.destroy();
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

function answerError(
  response: ServerResponse,
  status: number,
  error: { readonly message: string; readonly type: string; readonly param?: string | null; readonly code?: string | null }
): void {
  const body = { error: { param: null, code: null, ...error } };
  if (!response.headersSent || response.writableEnded) return answerJson(response, status, body);
  response.write(`data: ${JSON.stringify(body)}\n\n`);
  response.end();
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > highestBodyBytes) throw new BadRequest('The body is too large.');
    parts.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new BadRequest('The body is not valid JSON.');
  }
}

async function generate(request: IncomingMessage, response: ServerResponse, parse: typeof parseChat): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the caller went away')));
  const startedAt = performance.now();
  const parsed = parse(await readBody(request));
  const { model } = loaded;
  if (model === undefined) return answerError(response, 503, { message: 'The model is being loaded.', type: 'server_error', code: 'loading' });
  const answer = createAnswer(response, parsed);
  let firstTextMs: number | undefined;
  const generated = await model.generate(parsed, {
    onStart: promptTokens => answer.start(promptTokens),
    onText(text) {
      firstTextMs ??= Math.round(performance.now() - startedAt);
      answer.text(text);
    },
    signal: gone.signal
  });
  answer.end(generated);
  log('answered', {
    completionTokens: generated.completionTokens,
    finishReason: generated.finishReason,
    firstTextMs: firstTextMs ?? null,
    ms: Math.round(performance.now() - startedAt)
  });
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const given = Buffer.from(request.headers.authorization ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return answerError(response, 401, { message: 'No.', type: 'authentication_error' });
  if (request.method === 'GET' && request.url === '/health') {
    lastHealthAt = Date.now();
    return answerJson(response, 200, { phase: loaded.model === undefined ? 'loading' : 'loaded', kind: 'chat', parallel: spec.parallel });
  }
  const parse = Object.entries(parsers).find(([path]) => path === request.url)?.[1];
  if (request.method !== 'POST' || parse === undefined) return answerError(response, 404, { message: 'There is nothing here.', type: 'invalid_request_error' });
  try {
    await generate(request, response, parse);
  } catch (error) {
    if (error instanceof BadRequest) return answerError(response, 400, { message: error.message, type: 'invalid_request_error', param: error.param, code: error.code });
    if (response.destroyed) return log('cancelled');
    log('failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    answerError(response, 500, { message: 'The engine failed to answer.', type: 'server_error' });
  }
}

const server = createServer((request, response) => void handle(request, response));
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  const file = join(folder, 'port.json');
  writeFileSync(`${file}.new`, JSON.stringify({ port: address.port }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
});

setInterval(
  () => {
    if (Date.now() - lastHealthAt < spec.orphanMs) return;
    log('orphaned', { forMs: spec.orphanMs });
    process.exit(0);
  },
  Math.min(spec.orphanMs, 10_000)
).unref();
// Finishes what is being answered; the runtime ends the process when that takes too long.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 20);
});
process.on('SIGINT', () => undefined);

const loadingSince = performance.now();
log('loading', { contextTokens: spec.contextTokens, parallel: spec.parallel, threads: spec.threads });
loaded.model = await loadChatModel(spec);
log('loaded', { ms: Math.round(performance.now() - loadingSince) });
