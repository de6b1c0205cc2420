import type { FastifyRequest } from 'fastify';

/** The tenant a request is about, by the `{tenant}` of its path; `undefined` on installation-wide routes. */
export function tenantOf(request: FastifyRequest): string | undefined {
  const { params } = request;
  if (typeof params !== 'object' || params === null || !('tenant' in params)) return undefined;
  return typeof params.tenant === 'string' ? params.tenant : undefined;
}
