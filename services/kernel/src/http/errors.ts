import { Problem } from '@stratalab/contracts';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../telemetry/log.ts';

/** Every failure leaves as an RFC 9457 document; unexpected ones say nothing but the request id. */
export function installErrorHandler(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = translate(error);
    if (problem.code === 'internal') {
      logger.error(
        { event: 'request.failed', requestId: request.id, operation: request.routeOptions.config.declared?.operationId, error: problem.details.cause ?? error },
        'a request failed unexpectedly'
      );
    }
    if (problem.details.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.details.retryAfterSeconds));
    if (problem.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
    return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem.toDocument(request.id));
  });
  app.setNotFoundHandler((request: FastifyRequest) => {
    throw new Problem('not-found', { detail: `There is no ${request.method} ${redactPath(request.url)} here.` });
  });
}

function redactPath(url: string): string {
  return (url.split('?')[0] ?? '').slice(0, 200);
}

const byFastifyCode: Readonly<Record<string, 'payload-too-large' | 'unsupported-format' | 'invalid-request'>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-format',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-request'
};

/** Storage errors that mean a full disk, from the file system and from PostgreSQL. */
const fullDisk = new Set(['ENOSPC', 'EDQUOT', '53100']);

function translate(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  if (error.validation !== undefined) {
    return new Problem('invalid-request', {
      detail: error.message,
      errors: error.validation.map(item => ({ path: `${error.validationContext ?? ''}${item.instancePath}`, message: describe(item) }))
    });
  }
  const code = byFastifyCode[error.code];
  if (code !== undefined) return new Problem(code, { detail: error.message });
  if (fullDisk.has(error.code)) return new Problem('storage-full', { hint: 'Free some space, then try again.', retryAfterSeconds: 30, cause: error });
  if (error instanceof SyntaxError && error.statusCode === 400) return new Problem('invalid-request', { detail: 'The body is not valid JSON.' });
  if (error.statusCode !== undefined && error.statusCode < 500) return new Problem('invalid-request', { detail: error.message });
  return new Problem('internal', { cause: error });
}

function describe(item: { readonly message?: string | undefined; readonly params: Readonly<Record<string, unknown>> }): string {
  const extra = item.params['additionalProperty'];
  return extra === undefined ? (item.message ?? 'is not valid') : `the field '${String(extra)}' is not known`;
}
