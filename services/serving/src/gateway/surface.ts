import type { Actor, Clock, Embedder, HttpParts, Logger } from '@stratalab/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createEmbeddingRoute } from './embedding-route.ts';
import { createGenerationRoute } from './generation-route.ts';
import type { Invoker } from './invoke.ts';
import { createModelRoutes, type ListedEndpoint } from './model-routes.ts';
import { asOpenAiError, OpenAiError } from './openai-error.ts';
import type { Router } from './router.ts';
import type { TokenBudget } from './token-budget.ts';
import type { UsageRecorder } from './usage-recorder.ts';

export interface GatewayParts {
  readonly router: Router;
  readonly invoker: Invoker;
  readonly budget: TokenBudget;
  readonly usage: UsageRecorder;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Endpoints of one tenant, by name. */
  readonly listEndpoints: (tenant: string) => Promise<readonly ListedEndpoint[]>;
}

/** A handler of the surface: the caller is known, the body is whole and untouched. */
export type GatewayHandler = (exchange: { readonly actor: Actor; readonly body: Buffer; readonly request: FastifyRequest; readonly reply: FastifyReply }) => Promise<unknown>;

const highestBodyBytes = 16 * 1024 * 1024;

/** Mounts the OpenAI-compatible surface. What is not listed here does not exist: no path reaches an engine by itself. */
export function mountGateway(app: FastifyInstance, http: HttpParts, parts: GatewayParts): void {
  app.register(
    async scoped => {
      scoped.removeAllContentTypeParsers();
      // Bodies stay bytes: they are read once for what routing needs, and go on as they came.
      scoped.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: highestBodyBytes }, (_request, body, done) => done(null, body));
      scoped.setErrorHandler((error, request, reply) => sendError(error, { request, reply, parts }));
      scoped.setNotFoundHandler({ preHandler: [] }, (request, reply) => sendError(notHere(request), { request, reply, parts }));
      const mount = (method: 'GET' | 'POST', url: string, handler: GatewayHandler): void => {
        scoped.route({
          method,
          url,
          bodyLimit: highestBodyBytes,
          config: { protocolSurface: 'openai' },
          onRequest: async request => void (request.actor = await http.authenticate(request)),
          handler: async (request, reply) => {
            const { actor, body } = request;
            if (actor === undefined) throw new Error('A request without an actor.');
            return handler({ actor, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0), request, reply });
          }
        });
      };
      mount('POST', '/chat/completions', createGenerationRoute(parts, '/v1/chat/completions'));
      mount('POST', '/completions', createGenerationRoute(parts, '/v1/completions'));
      mount('POST', '/embeddings', createEmbeddingRoute(parts));
      const models = createModelRoutes(parts);
      mount('GET', '/models', models.list);
      mount('GET', '/models/*', models.read);
    },
    { prefix: '/openai/v1' }
  );
}

function notHere(request: FastifyRequest): OpenAiError {
  return new OpenAiError({ status: 404, message: `There is no ${request.method} ${request.url.split('?')[0] ?? ''} here.`, type: 'invalid_request_error', code: 'unknown_url' });
}

function sendError(error: unknown, { request, reply, parts }: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly parts: GatewayParts }): FastifyReply {
  const known = asOpenAiError(error, parts.clock.now()) ?? tooLarge(error);
  if (known === undefined) parts.logger.error({ event: 'gateway.failed', requestId: request.id, error }, 'a gateway request failed unexpectedly');
  const answer =
    known ??
    new OpenAiError({
      status: 500,
      message: `Something went wrong on our side. Request id: ${request.id}`,
      type: 'server_error',
      code: 'internal',
      headers: { 'x-should-retry': 'false' }
    });
  return reply
    .code(answer.fields.status)
    .headers(answer.fields.headers ?? {})
    .type('application/json')
    .serializer(JSON.stringify)
    .send(answer.toBody());
}

function tooLarge(error: unknown): OpenAiError | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return undefined;
  return new OpenAiError({ status: 413, message: `The body is larger than ${highestBodyBytes} bytes.`, type: 'invalid_request_error', code: 'request_too_large' });
}
