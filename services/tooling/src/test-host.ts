import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@stratalab/client';
import type { Method, RouteTable } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { createPostgresDatabase } from '@stratalab/database-postgres';
import {
  createAccessKeyIdentity,
  createHost,
  createInternalIdentity,
  createInternalToken,
  createLogger,
  createMetrics,
  firstOf,
  serviceActor,
  systemClock,
  type Actor,
  type Clock,
  type Database,
  type Host,
  type MountedService
} from '@stratalab/kernel';
import { createTestDatabase } from './test-database/create-test-database.ts';

export interface TestAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface TestHost {
  readonly host: Host;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly internalKey: Buffer;
  /** One request as `actor`; `undefined` sends no credential. */
  request(actor: Actor | undefined, method: Method, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestAnswer>;
  clientFor<Table extends RouteTable>(table: Table, actor: Actor): Client<Table>;
  close(): Promise<void>;
}

export interface TestHostOptions {
  readonly services: readonly MountedService[];
  /** Runs reconcilers and subscriptions; off unless asked for. */
  readonly isBackgroundRunning?: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly logLevel?: string;
}

/** Services on a real database in this process; callers are made with internal tokens. */
export async function createTestHost(options: TestHostOptions): Promise<TestHost> {
  const created = await createTestDatabase();
  const stop = new AbortController();
  const logger = createLogger({ level: options.logLevel ?? 'silent', service: 'test' });
  const database = createPostgresDatabase({ url: created.url, logger, poolSize: 8 });
  const internalKey = randomBytes(48);
  const late: { host?: Host } = {};
  // Access keys work as in the product where `control` is among the services.
  const accessKeys = createAccessKeyIdentity(
    async digest => (await late.host?.clientFor(controlRoutes, serviceActor('test', undefined)).introspectAccessKey({ body: { digest } })) ?? { active: false },
    () => Date.now()
  );
  const host = await createHost(
    {
      database,
      logger,
      internalKey,
      metrics: createMetrics(),
      stop: stop.signal,
      clock: options.clock ?? systemClock,
      environment: options.environment ?? {},
      identity: firstOf([createInternalIdentity(internalKey, () => new Date()), accessKeys]),
      prefix: ''
    },
    options.services
  );
  late.host = host;
  if (options.isBackgroundRunning === true) host.startBackground();
  return {
    host,
    database,
    internalKey,
    databaseUrl: created.url,
    clientFor: (table, actor) => host.clientFor(table, actor),
    async request(actor, method, path, body, headers = {}) {
      const credential = actor === undefined ? {} : { authorization: `Bearer ${createInternalToken(actor, internalKey, new Date())}` };
      const answer = await host.app.inject({ method, url: path, headers: { ...credential, ...headers }, ...(body === undefined ? {} : { payload: payloadOf(body) }) });
      return { status: answer.statusCode, text: answer.body, body: parse(answer.body), headers: answer.headers };
    },
    async close() {
      stop.abort();
      await host.close();
      await database.close();
      await created.drop();
    }
  };
}

function payloadOf(body: unknown): string | Buffer | object {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return typeof body === 'object' && body !== null ? body : JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An actor for tests; a plain editor of nothing unless told otherwise. */
export function testActor(given: Partial<Actor> & { readonly subject: string }): Actor {
  return { kind: 'user', tenants: {}, isAdministrator: false, via: 'internal', ...given };
}

/** Waits until `check` answers something other than `undefined` or `false`. @throws Error after `timeoutMs` */
export async function waitFor<T>(check: () => Promise<T | undefined | false> | T | undefined | false, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain.`);
    await pause(25);
  }
}
