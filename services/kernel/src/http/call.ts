import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route, RouteTable } from '@stratalab/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../actor.ts';
import type { Tx } from '../database/database.ts';
import type { Logger } from '../telemetry/log.ts';

/** One request, as use cases see it. */
export interface Call {
  readonly actor: Actor;
  /** Tenant of the path; the empty string on installation-wide routes. */
  readonly tenant: string;
  readonly requestId: string;
  readonly operationId: string;
  readonly idempotencyKey: string | undefined;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Runs queries that see the call's tenant only; writes are refused by the database. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Makes the call's change: `work` in one transaction, together with its audit row and the answer kept for its idempotency key.
   * A route that changes something calls this exactly once and answers what it returned. No network inside.
   */
  commit<T>(work: (tx: Tx) => Promise<T>, target?: (result: T) => string): Promise<T>;
}

export interface HandlerInput<R> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
}

export interface RawExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type Handler<R> = (call: Call, input: HandlerInput<R>, raw: RawExchange) => Promise<ResponseOf<R>>;

/** One handler per route of a table; a missing or surplus one does not type-check. */
export type Handlers<Table extends RouteTable> = { readonly [Name in keyof Table]: Handler<Table[Name]> };

export type AnyHandler = Handler<Route>;
