import type { Logger } from '@stratalab/kernel';
import pg from 'pg';

interface Listener {
  listen(channel: string, onNotify: (payload: string) => void, signal: AbortSignal): void;
  close(): Promise<void>;
}

const retryMs = 1_000;

/** One connection of its own that waits for notifications of all channels and reconnects for ever. */
export function createListener(options: { readonly url: string; readonly logger: Logger }): Listener {
  const channels = new Map<string, Set<(payload: string) => void>>();
  let client: pg.Client | undefined;
  let isConnecting = false;
  let isClosed = false;

  const tellAll = (): void => {
    for (const callbacks of channels.values()) for (const callback of callbacks) callback('');
  };
  const retryLater = (): void => {
    client = undefined;
    if (!isClosed) setTimeout(() => void connect(), retryMs).unref();
  };
  const connect = async (): Promise<void> => {
    if (isConnecting || client !== undefined || isClosed) return;
    isConnecting = true;
    const fresh = new pg.Client({ connectionString: options.url, keepAlive: true, application_name: 'stratalab-listen', connectionTimeoutMillis: 10_000 });
    fresh.on('error', error => options.logger.warn({ event: 'database.listener-lost', error }, 'the notification connection was lost'));
    fresh.on('end', () => {
      if (client === fresh) retryLater();
    });
    fresh.on('notification', ({ channel, payload }) => channels.get(channel)?.forEach(callback => callback(payload ?? '')));
    try {
      await fresh.connect();
      for (const channel of channels.keys()) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
      client = fresh;
      tellAll();
    } catch (error) {
      options.logger.warn({ event: 'database.listener-retry', error }, 'the notification connection could not be opened');
      await fresh.end().catch(() => undefined);
      retryLater();
    } finally {
      isConnecting = false;
      if (isClosed) await client?.end().catch(() => undefined);
    }
  };

  return {
    listen(channel, onNotify, signal) {
      const callbacks = channels.get(channel) ?? new Set();
      const isNew = callbacks.size === 0;
      callbacks.add(onNotify);
      channels.set(channel, callbacks);
      signal.addEventListener('abort', () => callbacks.delete(onNotify), { once: true });
      if (client === undefined) void connect();
      else if (isNew) void client.query(`listen ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
    },
    async close() {
      isClosed = true;
      await client?.end().catch(() => undefined);
    }
  };
}
