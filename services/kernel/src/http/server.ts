import { Problem, type Route } from '@stratalab/contracts';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Actor } from '../actor.ts';
import type { Database } from '../database/database.ts';
import { newId } from '../id.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdentityProvider } from '../ports/identity.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { recordAudit } from './audit.ts';
import { installErrorHandler } from './errors.ts';
import { tenantOf } from './tenant-of.ts';
import { createValidatorCompiler } from './validate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handler of every route that is not anonymous. */
    actor?: Actor;
  }
  interface FastifyContextConfig {
    /** The contract of the route; a live route without one stops the service from booting. */
    declared?: Route;
    /** Set by the two protocol surfaces (OpenAI, MLflow), which authenticate with `authenticateProtocol`. */
    protocolSurface?: string;
  }
}

export interface HttpOptions {
  readonly database: Database;
  readonly identity: IdentityProvider;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Public prefix that proxies keep (`/services/stratalab`), without a trailing slash. */
  readonly prefix: string;
  /**
   * Origins a browser may send (`https://hub.example`); compared as whole strings. Without this, only the one that its page itself came from, by the Host that was asked for.
   * Requests without an Origin come from programs.
   */
  readonly allowedOrigins?: readonly string[];
}

/** What routes and protocol surfaces need from the server. */
export interface HttpParts extends HttpOptions {
  /** @throws unauthenticated when there is no valid bearer credential */
  authenticate(request: FastifyRequest): Promise<Actor>;
  auditDenial(request: FastifyRequest, declared: Route, error: unknown): Promise<void>;
}

/** Time for a whole request, its body included: large files come slowly. Headers have Node's own minute, and strangers are refused before their body. */
const requestTimeoutMs = 3_600_000;
const spoofable = ['x-forwarded-user', 'x-tenant', 'x-tenant-id', 'x-remote-user'];

/** A Fastify app that answers nothing yet: time-outs, strict validation, problems as RFC 9457, one bearer credential and no cookies. */
export function createHttpServer(options: HttpOptions): { app: FastifyInstance; parts: HttpParts } {
  const app = Fastify({
    logger: false,
    genReqId: () => newId(),
    requestTimeout: requestTimeoutMs,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: false },
    rewriteUrl: request => stripPrefix(request.url ?? '/', options.prefix),
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: true
  });
  const parts: HttpParts = {
    ...options,
    authenticate: request => authenticate(request, options),
    auditDenial: (request, declared, error) => auditDenial(request, { declared, error, options })
  };
  app.setValidatorCompiler(createValidatorCompiler());
  // Files come as they are: the handler of an `upload` route reads the body as a stream.
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  installErrorHandler(app, options.logger);
  app.addHook('onRequest', async (request, reply) => {
    for (const name of spoofable) Reflect.deleteProperty(request.headers, name);
    const { origin, host } = request.headers;
    const accepted = options.allowedOrigins ?? [`http://${host}`, `https://${host}`];
    if (origin !== undefined && !accepted.includes(origin)) {
      throw new Problem('forbidden', {
        detail: 'Requests from this origin are not accepted.',
        hint: 'Open this installation at its own address; operators name it in STRATALAB_ORIGIN.'
      });
    }
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const operation = request.routeOptions.config.declared?.operationId ?? request.routeOptions.config.protocolSurface ?? 'unknown';
    options.metrics.requestSeconds.observe({ operation, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  return { app, parts };
}

/** Refuses to boot when a live route lacks its declaration: such a route would have no permission check. */
export function assertEveryRouteIsDeclared(app: FastifyInstance): void {
  app.addHook('onRoute', route => {
    if (route.config?.declared === undefined && route.config?.protocolSurface === undefined) {
      throw new Error(`Route ${String(route.method)} ${route.url} has no contract; services refuse to boot with it.`);
    }
  });
}

function stripPrefix(url: string, prefix: string): string {
  if (prefix === '' || !url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  return rest === '' || rest.startsWith('?') ? `/${rest}` : rest.startsWith('/') ? rest : url;
}

const bearer = /^(?:bearer|token) ([\x21-\x7e]{8,4096})$/i;

async function authenticate(request: FastifyRequest, options: HttpOptions): Promise<Actor> {
  const match = bearer.exec(request.headers.authorization ?? '');
  const credential = match?.[1];
  if (credential === undefined || credential === 'undefined') throw new Problem('unauthenticated', { detail: 'The request carries no bearer credential.' });
  const actor = await options.identity.identify(credential, AbortSignal.timeout(10_000));
  if (actor === undefined) {
    throw new Problem('unauthenticated', { detail: 'The credential is unknown, expired or revoked.', hint: 'Reload the page to sign in again, or create a new access key.' });
  }
  return actor;
}

async function auditDenial(request: FastifyRequest, denial: { declared: Route; error: unknown; options: HttpOptions }): Promise<void> {
  const { declared, error, options } = denial;
  if (!(error instanceof Problem) || request.actor === undefined) return;
  options.metrics.denials.inc({ operation: declared.operationId, code: error.code });
  const { actor } = request;
  const claimed = tenantOf(request);
  // A stranger's attempt is recorded outside the tenant it named: writing into that tenant's chain would let strangers fill it.
  const tenant = claimed !== undefined && (actor.tenants[claimed] !== undefined || actor.isAdministrator) ? claimed : '';
  const fact = {
    tenant,
    actor,
    action: declared.audit === false ? declared.operationId : declared.audit,
    operation: declared.operationId,
    target: request.url.split('?')[0] ?? '',
    decision: 'denied' as const,
    reason: error.code,
    requestId: request.id
  };
  await options.database.asSystem('audit a denial', tx => recordAudit(tx, fact, options.clock.now()));
}
