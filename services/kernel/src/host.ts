import type { RouteTable } from '@stratalab/contracts';
import { kernelRoutes } from '@stratalab/contracts';
import { createClient, createHttpTransport, type Client, type Transport } from '@stratalab/client';
import type { FastifyInstance } from 'fastify';
import type { Actor } from './actor.ts';
import { createEventLog } from './events/event-log.ts';
import { createStreamEvents } from './events/stream-events.ts';
import { runSubscription } from './events/subscription.ts';
import { keepForgettingAnswers } from './http/idempotency.ts';
import { implement } from './http/implement.ts';
import { assertEveryRouteIsDeclared, createHttpServer, type HttpOptions } from './http/server.ts';
import { createInternalToken } from './identity/internal-token.ts';
import { lead } from './reconcile/lead.ts';
import { runReconciler } from './reconcile/loop.ts';
import type { MountedService, RunningService } from './mounted-service.ts';

export interface HostOptions extends HttpOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Signs calls between services. */
  readonly internalKey: Buffer;
  /** Where services that do not live in this process answer, with their prefix; all in this process when absent. */
  readonly remoteUrl?: (service: string) => string | undefined;
}

export interface Host {
  readonly app: FastifyInstance;
  /** A typed client of any service, acting as `actor`. */
  clientFor<Table extends RouteTable>(table: Table, actor: Actor): Client<Table>;
  /** Starts reconcilers and subscriptions. */
  startBackground(): void;
  /** Stops background work and closes the app; resolves when nothing runs any more. */
  close(): Promise<void>;
}

const internalHeaders = (actor: Actor, options: HostOptions): Record<string, string> => ({
  authorization: `Bearer ${createInternalToken(actor, options.internalKey, options.clock.now())}`
});

/**
 * Puts services into one process: migrates, mounts their routes, and gives each the means to call the others.
 * The same code hosts all services or a single one; where the others are is `remoteUrl`'s business.
 */
export async function createHost(options: HostOptions, mounted: readonly MountedService[]): Promise<Host> {
  const background = new AbortController();
  const stop = AbortSignal.any([options.stop, background.signal]);
  const { app, parts } = createHttpServer({ ...options, stop });
  assertEveryRouteIsDeclared(app);
  const log = createEventLog(options.database, stop);
  await options.database.migrate('kernel', new URL('../migrations/', import.meta.url));
  implement(app, parts, kernelRoutes, {
    streamEvents: createStreamEvents({ log, identity: options.identity, metrics: options.metrics }),
    live: async () => ({ status: 'ok' as const })
  });

  const inject = injectTransport(app);
  const local = new Set(mounted.map(service => service.name));
  const clientFor = <Table extends RouteTable>(table: Table, actor: Actor): Client<Table> => {
    const name = serviceOf(table);
    const url = local.has(name) ? undefined : options.remoteUrl?.(name);
    const headers = (): Record<string, string> => internalHeaders(actor, options);
    return createClient(table, url === undefined ? withHeaders(inject, headers) : createHttpTransport({ baseUrl: url, headers }));
  };

  const running: RunningService[] = [];
  for (const service of mounted) {
    await options.database.migrate(service.name, service.migrations);
    const created = service.create({
      log,
      clientFor,
      stop,
      database: options.database,
      logger: options.logger.child({ area: service.name }),
      metrics: options.metrics,
      clock: options.clock,
      environment: options.environment
    });
    running.push(created);
    created.implement(app, parts);
    const { surface } = created;
    if (surface !== undefined) await app.register(async scoped => surface(scoped, parts));
  }
  await app.ready();
  for (const service of running) await service.start?.();

  const loops: Promise<void>[] = [];
  return {
    app,
    clientFor,
    startBackground() {
      const { database, logger, metrics } = options;
      loops.push(keepForgettingAnswers({ database, logger, stop }));
      for (const service of running) {
        for (const reconciler of service.reconcilers ?? []) loops.push(runReconciler(reconciler, { database, logger, metrics, stop }));
        for (const leader of service.leaders ?? []) loops.push(lead(leader, { database, logger, stop }));
        for (const subscription of service.subscriptions ?? []) runSubscription(subscription, { database, log, logger, stop });
      }
    },
    async close() {
      background.abort();
      await app.close();
      await Promise.allSettled(loops);
      for (const service of running) await service.stop?.();
    }
  };
}

/** `/api/<service>/v1/…`: the table says whose it is. */
function serviceOf(table: RouteTable): string {
  const first = Object.values(table)[0];
  const name = first?.path.split('/')[2];
  if (name === undefined) throw new Error('A route table without routes has no service.');
  return name;
}

function withHeaders(transport: Transport, headers: () => Record<string, string>): Transport {
  return request => transport({ ...request, headers: { ...request.headers, ...headers() } });
}

/** Calls a route of this process through the whole stack, without a socket. */
function injectTransport(app: FastifyInstance): Transport {
  return async ({ method, path, headers, body }) => {
    const answer = await app.inject({ method, url: path, headers, ...(body === undefined ? {} : { payload: body }) });
    const parsed: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: flatten(answer.headers), body: parsed };
  };
}

function flatten(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]));
}
