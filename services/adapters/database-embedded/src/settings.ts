import { Problem } from '@stratalab/contracts';
import type pg from 'pg';

/** Settings of the embedded server; everything else keeps PostgreSQL's default. */
export const serverSettings: Readonly<Record<string, string>> = {
  port: '5432',
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '96MB',
  max_connections: '100',
  wal_level: 'replica',
  max_wal_senders: '4',
  log_min_messages: 'warning',
  idle_in_transaction_session_timeout: '60s',
  tcp_keepalives_idle: '10'
};

const durabilitySettings = ['fsync', 'full_page_writes', 'synchronous_commit'];

/**
 * An acknowledged commit must survive power loss, on the embedded server as on one by URL.
 * @throws invalid-state naming the settings that are off
 */
export async function assertDurable(client: Pick<pg.Client, 'query'>): Promise<void> {
  const { rows } = await client.query<{ name: string }>("select name from pg_settings where name = any($1) and setting = 'off'", [durabilitySettings]);
  if (rows.length === 0) return;
  throw new Problem('invalid-state', {
    detail: `The database runs with ${rows.map(row => row.name).join(', ')} off and could lose acknowledged work.`,
    hint: 'Turn it on in postgresql.conf and postgresql.auto.conf of the database, and restart it.'
  });
}
