import { Problem, type Route, type RouteTable } from '@stratalab/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { demand } from '../actor.ts';
import type { AnyHandler, Handlers } from './call.ts';
import { createCall, type CallState } from './create-call.ts';
import { digestRequest, findAnswer } from './idempotency.ts';
import type { HttpParts } from './server.ts';
import { tenantOf } from './tenant-of.ts';

const keyPattern = /^[\x21-\x7e]{1,200}$/;

/**
 * Mounts the routes of a contract with their handlers. Each gets, in this order: authentication, the permission check, schema validation,
 * idempotency (POST with `Idempotency-Key`), the handler, audit, and a response stripped to what the contract declares.
 */
export function implement<Table extends RouteTable>(app: FastifyInstance, parts: HttpParts, table: Table, handlers: Handlers<Table>): void {
  const untyped = unsafeHandlers(handlers);
  for (const [name, declared] of Object.entries(table)) {
    const handler = untyped[name];
    if (handler === undefined) throw new Error(`Route ${declared.operationId} has no handler.`);
    mount(app, parts, declared, handler);
  }
}

function mount(app: FastifyInstance, parts: HttpParts, declared: Route, handler: AnyHandler): void {
  app.route({
    method: declared.method,
    url: declared.path.replace(/\{([^}]+)\}/g, ':$1'),
    bodyLimit: declared.bodyLimitBytes,
    config: { declared },
    schema: {
      params: declared.params,
      querystring: declared.query,
      ...(declared.body === undefined ? {} : { body: declared.body }),
      ...(declared.response === undefined || declared.kind !== 'json' ? {} : { response: { [declared.status]: declared.response } })
    },
    onRequest: async request => {
      await admit(request, declared, parts);
      if (declared.kind === 'upload') assertUpload(request, declared);
    },
    handler: async (request, reply) => {
      if (declared.kind === 'stream') return stream(request, reply, { declared, handler, parts });
      return answer(request, reply, { declared, handler, parts });
    }
  });
}

interface Mounted {
  readonly declared: Route;
  readonly handler: AnyHandler;
  readonly parts: HttpParts;
}

/** Before the body is read: who is it, and may it? Denials are audited. */
async function admit(request: FastifyRequest, declared: Route, parts: HttpParts): Promise<void> {
  if (declared.permission === 'anonymous') return;
  const actor = await parts.authenticate(request);
  request.actor = actor;
  try {
    demand(actor, declared.permission, tenantOf(request));
  } catch (error) {
    await parts.auditDenial(request, declared, error);
    throw error;
  }
}

/** A stream passes the parser's own limit, so the announced length is checked here; a handler counts what really comes. */
function assertUpload(request: FastifyRequest, declared: Route): void {
  if (request.headers['content-type'] !== 'application/octet-stream') {
    throw new Problem('unsupported-format', { detail: 'Send the bytes of the file as application/octet-stream.' });
  }
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > declared.bodyLimitBytes) throw new Problem('payload-too-large', { detail: `At most ${declared.bodyLimitBytes} bytes may come at once.` });
}

async function answer(request: FastifyRequest, reply: FastifyReply, mounted: Mounted): Promise<unknown> {
  const { declared, handler, parts } = mounted;
  const input = unsafeInput(request);
  const state: CallState = { committed: undefined, answerStatus: declared.status };
  const idempotency = declared.kind === 'json' ? idempotencyScope(request, declared, input) : undefined;
  const call = createCall(request, reply, { declared, parts, state, ...(idempotency === undefined ? {} : { idempotency }) });
  if (idempotency !== undefined) {
    const kept = await call.read(tx => findAnswer(tx, idempotency));
    if (kept !== undefined)
      return reply
        .code(kept.status)
        .header('idempotency-replayed', 'true')
        .send(kept.response ?? undefined);
  }
  try {
    const result = await handler(call, input, { request, reply });
    if (declared.audit !== false && state.committed === undefined) throw new Error(`${declared.operationId} changed something without call.commit().`);
    if (idempotency !== undefined && state.committed?.result !== result) throw new Error(`${declared.operationId} must answer what call.commit() returned.`);
    return await reply.code(declared.status).send(result);
  } catch (error) {
    if (idempotency !== undefined && isUniqueViolation(error)) {
      const kept = await call.read(tx => findAnswer(tx, idempotency));
      if (kept !== undefined)
        return reply
          .code(kept.status)
          .header('idempotency-replayed', 'true')
          .send(kept.response ?? undefined);
    }
    if (error instanceof Problem && declared.audit !== false && isDenial(error)) await parts.auditDenial(request, declared, error);
    throw error;
  }
}

async function stream(request: FastifyRequest, reply: FastifyReply, mounted: Mounted): Promise<unknown> {
  const { declared, handler, parts } = mounted;
  const state: CallState = { committed: undefined, answerStatus: declared.status };
  const call = createCall(request, reply, { declared, parts, state });
  const result: unknown = await handler(call, unsafeInput(request), { request, reply });
  return result === undefined ? reply : result;
}

function idempotencyScope(request: FastifyRequest, declared: Route, input: unknown) {
  const key = request.headers['idempotency-key'];
  if (declared.method !== 'POST' || key === undefined || declared.audit === false) return undefined;
  if (typeof key !== 'string' || !keyPattern.test(key)) throw new Problem('invalid-request', { detail: 'Idempotency-Key must be 1 to 200 printable characters.' });
  return { tenant: tenantOf(request) ?? '', subject: request.actor?.subject ?? '', key, operation: declared.operationId, requestDigest: digestRequest(input) };
}

function isDenial(problem: Problem): boolean {
  return problem.code === 'forbidden' || problem.code === 'quota-exceeded';
}

/** PostgreSQL's unique_violation: a twin of this request committed first. */
function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}

function unsafeHandlers(handlers: unknown): Readonly<Record<string, AnyHandler>> {
  return handlers as Readonly<Record<string, AnyHandler>>;
}

/** Params, query and body were validated against the route's schemas before the handler runs. */
function unsafeInput(request: FastifyRequest): Parameters<AnyHandler>[1] {
  return { params: request.params, query: request.query, body: request.body } as Parameters<AnyHandler>[1];
}
