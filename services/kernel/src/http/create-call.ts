import { Problem, type Route } from '@stratalab/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../actor.ts';
import { recordAudit } from './audit.ts';
import type { Call } from './call.ts';
import { keepAnswer, type IdempotencyScope } from './idempotency.ts';
import { tenantOf } from './tenant-of.ts';
import type { HttpParts } from './server.ts';

export interface CallState {
  committed: { readonly result: unknown } | undefined;
  readonly answerStatus: number;
}

export interface CallParts {
  readonly declared: Route;
  readonly parts: HttpParts;
  readonly state: CallState;
  readonly idempotency?: IdempotencyScope;
}

const anonymous: Actor = { subject: 'anonymous', kind: 'service', tenants: {}, isAdministrator: false, scopes: [], via: 'internal' };

/** Builds the `Call` of one request. */
export function createCall(request: FastifyRequest, reply: FastifyReply, { declared, parts, state, idempotency }: CallParts): Call {
  const actor = request.actor ?? anonymous;
  const tenant = tenantOf(request) ?? '';
  const gone = new AbortController();
  // Who left while it was found out who asks says so no more.
  if (reply.raw.destroyed) gone.abort();
  reply.raw.on('close', () => gone.abort());
  const scope = tenant === '' ? undefined : tenant;
  return {
    actor,
    tenant,
    requestId: request.id,
    operationId: declared.operationId,
    idempotencyKey: idempotency?.key,
    signal: AbortSignal.any([gone.signal, parts.stop]),
    logger: parts.logger.child({ requestId: request.id, operation: declared.operationId, subject: actor.subject, tenant }),
    read: work => (scope === undefined ? parts.database.asSystem(declared.operationId, work) : parts.database.inTenant({ tenant: scope, isReadOnly: true }, work)),
    async commit(work, target) {
      if (declared.audit === false) throw new Error(`${declared.operationId} declares no audit action and must not change anything.`);
      if (state.committed !== undefined) throw new Error(`${declared.operationId} committed twice.`);
      const action = declared.audit;
      const run =
        scope === undefined
          ? <T>(w: Parameters<typeof parts.database.asSystem<T>>[1]) => parts.database.asSystem(declared.operationId, w)
          : <T>(w: Parameters<typeof parts.database.asSystem<T>>[1]) => parts.database.inTenant({ tenant: scope }, w);
      const result = await run(async tx => {
        const changed = await work(tx);
        await recordAudit(
          tx,
          { tenant, actor, action, operation: declared.operationId, target: target?.(changed) ?? request.url.split('?')[0] ?? '', decision: 'allowed', requestId: request.id },
          parts.clock.now()
        );
        if (idempotency !== undefined) await keepAnswer(tx, idempotency, { status: state.answerStatus, response: changed });
        return changed;
      });
      state.committed = { result };
      return result;
    }
  };
}

/** What `Problem` a thrown value is; `internal` for anything unexpected. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', { cause: error });
}
