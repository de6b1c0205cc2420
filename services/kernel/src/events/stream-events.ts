import { Problem } from '@stratalab/contracts';
import type { ServerResponse } from 'node:http';
import { can } from '../actor.ts';
import type { Handler } from '../http/call.ts';
import type { IdentityProvider } from '../ports/identity.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { EventLog } from './event-log.ts';
import type { streamEvents } from '@stratalab/contracts';

export interface StreamParts {
  readonly log: EventLog;
  readonly identity: IdentityProvider;
  readonly metrics: Metrics;
  /** How often a stream asks whether its credential still holds; 20 s unless given. */
  readonly recheckMs?: number;
}

const batchSize = 200;
const heartbeatMs = 15_000;
/** A revoked credential loses its open streams within this time (plus the identity cache). */
const defaultRecheckMs = 20_000;
/** A reader that lets this many bytes pile up is cut off; it resumes by Last-Event-ID. */
const highestBacklogBytes = 1024 * 1024;

/** Streams the events of a tenant; resumes after `Last-Event-ID` without gap or duplicate. */
export function createStreamEvents(parts: StreamParts): Handler<typeof streamEvents> {
  return async (call, { query }, { request, reply }) => {
    const from = request.headers['last-event-id'] ?? query.after;
    if (from !== undefined && !/^[0-9]{1,15}$/.test(String(from))) throw new Problem('invalid-request', { detail: 'Last-Event-ID is a position in the event log.' });
    let position = from === undefined ? await parts.log.head() : Number(from);
    const wanted = query.names
      ?.split(',')
      .map(name => name.trim())
      .filter(name => name !== '');
    const credential = (request.headers.authorization ?? '').replace(/^\S+ /, '');
    reply.hijack();
    const { raw } = reply;
    // Who left while the position was looked up says so no more: nothing would end this stream.
    if (call.signal.aborted) return void raw.destroy();
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-request-id': call.requestId });
    raw.write(`: stream of ${call.tenant}\nretry: 1000\n\n`);
    parts.metrics.eventStreams.inc();
    const end = new AbortController();
    const stop = AbortSignal.any([call.signal, end.signal]);
    const drain = createDrain(
      async () => {
        for (;;) {
          const events = await parts.log.read({ after: position, limit: batchSize, tenant: call.tenant });
          for (const event of events) {
            position = event.position;
            if (wanted !== undefined && !wanted.some(name => event.name.startsWith(name))) continue;
            raw.write(`id: ${event.position}\nevent: ${event.name}\ndata: ${JSON.stringify(event)}\n\n`);
          }
          if (isTooSlow(raw)) {
            raw.destroy();
            return end.abort();
          }
          if (events.length < batchSize || stop.aborted) return;
        }
      },
      error => {
        call.logger.warn({ event: 'stream.failed', error }, 'an event stream could not be read');
        end.abort();
      }
    );
    parts.log.onChange(drain, stop);
    drain();
    const heartbeat = setInterval(() => raw.write(': \n\n'), heartbeatMs);
    const recheck = setInterval(() => {
      void stillAllowed(parts.identity, credential, call.tenant).then(isAllowed => {
        if (!isAllowed) end.abort();
      });
    }, parts.recheckMs ?? defaultRecheckMs);
    await new Promise<void>(resolve => stop.addEventListener('abort', () => resolve(), { once: true }));
    clearInterval(heartbeat);
    clearInterval(recheck);
    parts.metrics.eventStreams.dec();
    raw.end();
  };
}

function isTooSlow(raw: ServerResponse): boolean {
  return raw.writableLength > highestBacklogBytes;
}

async function stillAllowed(identity: IdentityProvider, credential: string, tenant: string): Promise<boolean> {
  try {
    const actor = await identity.identify(credential, AbortSignal.timeout(10_000));
    return actor !== undefined && can(actor, 'event:read', tenant);
  } catch {
    return true;
  }
}

/** Runs `work` once at a time; a call during a run leads to exactly one more run. */
function createDrain(work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let isRunning = false;
  let isWanted = false;
  return () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    void (async () => {
      try {
        while (isWanted) {
          isWanted = false;
          await work();
        }
      } catch (error) {
        onError(error);
      } finally {
        isRunning = false;
      }
    })();
  };
}
