import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics of one process. Labels are bounded: operation ids, states, services; never user text. */
export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'operation' | 'status'>;
  readonly reconcileSeconds: Histogram<'kind' | 'result'>;
  readonly eventStreams: Gauge;
  readonly denials: Counter<'operation' | 'code'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time to answer a request, by operation and status',
      labelNames: ['operation', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
      registers: [registry]
    }),
    reconcileSeconds: new Histogram({
      name: 'stratalab_reconcile_duration_seconds',
      help: 'Time of one reconcile step, by kind and result',
      labelNames: ['kind', 'result'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers: [registry]
    }),
    eventStreams: new Gauge({ name: 'stratalab_event_streams', help: 'Open event streams', registers: [registry] }),
    denials: new Counter({ name: 'stratalab_denials_total', help: 'Refused requests by operation and problem code', labelNames: ['operation', 'code'], registers: [registry] })
  };
}

export interface MetricsListenerOptions {
  readonly host: string;
  readonly port: number;
  /** Throws when the process cannot serve requests right now. */
  readonly isReady: () => Promise<void>;
}

/** A listener of its own for `/metrics`, `/livez` and `/readyz`; nothing of the API answers there. */
export async function listenForMetrics(metrics: Metrics, options: MetricsListenerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(metrics, options, request.url ?? '').then(({ status, type, text }) => {
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return server;
}

async function answer(metrics: Metrics, options: MetricsListenerOptions, url: string): Promise<{ status: number; type: string; text: string }> {
  if (url === '/metrics') return { status: 200, type: metrics.registry.contentType, text: await metrics.registry.metrics() };
  if (url === '/livez') return { status: 200, type: 'text/plain', text: 'ok' };
  if (url === '/readyz') {
    try {
      await options.isReady();
      return { status: 200, type: 'text/plain', text: 'ok' };
    } catch {
      return { status: 503, type: 'text/plain', text: 'not ready' };
    }
  }
  return { status: 404, type: 'text/plain', text: 'not found' };
}
