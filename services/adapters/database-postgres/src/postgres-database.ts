import { Problem } from '@stratalab/contracts';
import type { Database, KernelTables, Logger, Tx } from '@stratalab/kernel';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { applyMigrations } from './migrate.ts';
import { createListener } from './listener.ts';
import { retryTransaction, unavailableWhenLost } from './retry.ts';
import { parseTypes } from './types.ts';

export interface PostgresOptions {
  /** `postgresql://user:password@host/database`, or `?host=<socket folder>`; PostgreSQL 15 or newer with pgvector. */
  readonly url: string;
  readonly logger: Logger;
  /** Connections this process may hold; 10 unless given. */
  readonly poolSize?: number;
  readonly applicationName?: string;
}

const statementTimeoutMs = 30_000;
const idleTransactionTimeoutMs = 30_000;

/** The database port on any PostgreSQL; opens no connection until the first use. */
export function createPostgresDatabase(options: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: options.applicationName ?? 'stratalab',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
    types: parseTypes
  });
  // A connection that is lost between two queries of a transaction says so by an event that nobody else hears; unheard, it would end the process.
  pool.on('connect', client => client.on('error', error => options.logger.warn({ event: 'database.connection-lost', error }, 'a database connection was lost')));
  pool.on('error', error => options.logger.warn({ event: 'database.connection-lost', error }, 'an idle database connection was lost'));
  const kysely = new Kysely<KernelTables>({ dialect: new PostgresDialect({ pool }) });
  const listener = createListener({ url: options.url, logger: options.logger });

  const transact = <T>(tenant: string, isReadOnly: boolean, work: (tx: Tx) => Promise<T>): Promise<T> =>
    unavailableWhenLost(() =>
      retryTransaction(() =>
        kysely.transaction().execute(async tx => {
          if (isReadOnly) await sql`set transaction read only`.execute(tx);
          await sql`select set_config('app.tenant', ${tenant}, true)`.execute(tx);
          return work(tx);
        })
      )
    );

  return {
    inTenant(scope, work) {
      if (scope.tenant === '' || scope.tenant === '*') throw new Error('A tenant scope needs the name of a tenant.');
      return transact(scope.tenant, scope.isReadOnly ?? false, work);
    },
    asSystem: (_reason, work) => transact('*', false, work),
    listen: listener.listen,
    migrate: (service, folder) => applyMigrations(kysely, service, folder),
    async ping() {
      const timeout = new Promise<never>((_resolve, reject) =>
        setTimeout(() => reject(new Problem('unavailable', { detail: 'The database did not answer within a second.' })), 1_000).unref()
      );
      await Promise.race([unavailableWhenLost(() => sql`select 1`.execute(kysely)), timeout]);
    },
    async close() {
      await listener.close();
      await kysely.destroy();
    }
  };
}
