import type { RouteTable } from '@stratalab/contracts';
import type { Client } from '@stratalab/client';
import type { FastifyInstance } from 'fastify';
import type { TObject } from 'typebox';
import type { Actor } from './actor.ts';
import type { Database } from './database/database.ts';
import type { EventLog } from './events/event-log.ts';
import type { Subscription } from './events/subscription.ts';
import type { Handlers } from './http/call.ts';
import type { HttpParts } from './http/server.ts';
import type { Clock } from './ports/clock.ts';
import type { Leader } from './reconcile/lead.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { Logger } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What the composition root gives to every service. */
export interface ServiceContext<Ports> {
  readonly ports: Ports;
  readonly database: Database;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  /**
   * A typed client of another service that acts as `actor`: an in-process call when that service lives here, HTTP when it does not.
   * The caller's own actor passes through; background work uses `serviceActor(...)`.
   */
  clientFor<Table extends RouteTable>(table: Table, actor: Actor): Client<Table>;
}

export interface ServiceParts<Table extends RouteTable> {
  readonly handlers: Handlers<Table>;
  readonly reconcilers?: readonly Reconciler[];
  readonly subscriptions?: readonly Subscription[];
  /** Work that one process at a time does for all that run this service. */
  readonly leaders?: readonly Leader[];
  /** Mounts a protocol surface (OpenAI, MLflow) that contracts cannot describe; its routes carry `config.protocolSurface`. */
  readonly surface?: (app: FastifyInstance, parts: HttpParts) => void;
  /** Called once after the database is migrated and before the first request. */
  readonly start?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
}

/** One service: a Fastify plugin with its own tables, that can share a process or run alone. */
export interface Service<Ports = unknown, Table extends RouteTable = RouteTable> {
  /** Name in paths, schema and `STRATALAB_SERVICES`. */
  readonly name: string;
  readonly routes: Table;
  /** Folder of `NNNN-name.sql` files; applied in the schema of the same name. */
  readonly migrations: URL;
  /** Every environment variable it reads; also the source of the generated reference. */
  readonly config: TObject;
  readonly create: (context: ServiceContext<Ports>) => ServiceParts<Table>;
}

/** Declares a service; the only export of its package. */
export function defineService<Ports, Table extends RouteTable>(service: Service<Ports, Table>): Service<Ports, Table> {
  return service;
}
