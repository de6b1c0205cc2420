import type { Metrics } from '@stratalab/kernel';
import { Counter, Gauge } from 'prom-client';

/** What one watcher did since it started. */
export interface KindCounters {
  readonly lists: number;
  readonly watches: number;
  readonly failures: number;
  readonly bytes: number;
  readonly events: number;
  readonly bookmarks: number;
  readonly malformed: number;
  readonly silences: number;
  /** Complete reads because a watch could not go on, beside the first and the audits. */
  readonly relists: number;
  readonly audits: number;
  /** Changes no watch told, found by an audit. */
  readonly missed: number;
  /** Lists that lacked so much that a second one was asked. */
  readonly doubtedLists: number;
  readonly callbackErrors: number;
}

export interface KindMetrics {
  readonly counters: () => KindCounters;
  requested(verb: 'list' | 'watch', status: number): void;
  received(bytes: number): void;
  event(type: 'put' | 'deleted' | 'bookmark'): void;
  malformed(): void;
  silent(): void;
  relisted(): void;
  audited(missed: number): void;
  doubted(): void;
  callbackFailed(): void;
}

type Names = 'kind' | 'verb' | 'result' | 'type' | 'reason';

function createCollectors({ registry }: Metrics) {
  const counter = (name: string, help: string, labelNames: readonly Names[]) => new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  return {
    requests: counter('stratalab_cluster_requests_total', 'Lists and watches asked of the API server, by kind, verb and result', ['kind', 'verb', 'result']),
    bytes: counter('stratalab_cluster_received_bytes_total', 'Bytes received by lists and watches', ['kind']),
    events: counter('stratalab_cluster_events_total', 'Changes told by watches, by kind and type', ['kind', 'type']),
    faults: counter('stratalab_cluster_watch_faults_total', 'Malformed objects, silent streams, relists, doubted lists, missed changes and failed callbacks', ['kind', 'reason']),
    objects: new Gauge({ name: 'stratalab_cluster_objects', help: 'Objects of the cluster in memory', labelNames: ['kind'], registers: [registry] }),
    lag: new Gauge({ name: 'stratalab_cluster_watch_lag_seconds', help: 'Time since the API server last gave a sign of life', labelNames: ['kind'], registers: [registry] })
  };
}

type Collectors = ReturnType<typeof createCollectors>;
const collectorsOf = new WeakMap<Metrics, Collectors>();

/** The metrics of one kind; several watchers of a process share the collectors. @param read the two values that are asked for at each scrape */
export function createKindMetrics(kind: string, metrics: Metrics, read: { readonly objects: () => number; readonly lagSeconds: () => number }): KindMetrics {
  const collectors = collectorsOf.get(metrics) ?? createCollectors(metrics);
  collectorsOf.set(metrics, collectors);
  sampleAtScrape(collectors, kind, read);
  const counts = {
    lists: 0,
    watches: 0,
    failures: 0,
    bytes: 0,
    events: 0,
    bookmarks: 0,
    malformed: 0,
    silences: 0,
    relists: 0,
    audits: 0,
    missed: 0,
    doubtedLists: 0,
    callbackErrors: 0
  };
  const fault = (reason: string, count = 1): void => collectors.faults.inc({ kind, reason }, count);
  return {
    counters: () => ({ ...counts }),
    requested(verb, status) {
      if (verb === 'list') counts.lists += 1;
      else counts.watches += 1;
      if (status !== 200) counts.failures += 1;
      collectors.requests.inc({ kind, verb, result: status === 0 ? 'unreachable' : String(status) });
    },
    received(bytes) {
      counts.bytes += bytes;
      collectors.bytes.inc({ kind }, bytes);
    },
    event(type) {
      if (type === 'bookmark') counts.bookmarks += 1;
      else counts.events += 1;
      collectors.events.inc({ kind, type });
    },
    malformed() {
      counts.malformed += 1;
      fault('malformed');
    },
    silent() {
      counts.silences += 1;
      fault('silent');
    },
    relisted() {
      counts.relists += 1;
      fault('relisted');
    },
    audited(missed) {
      counts.audits += 1;
      counts.missed += missed;
      if (missed > 0) fault('missed', missed);
    },
    doubted() {
      counts.doubtedLists += 1;
      fault('doubted');
    },
    callbackFailed() {
      counts.callbackErrors += 1;
      fault('callback');
    }
  };
}

const samplers = new WeakMap<Collectors, Map<string, { readonly objects: () => number; readonly lagSeconds: () => number }>>();

function sampleAtScrape(collectors: Collectors, kind: string, read: { readonly objects: () => number; readonly lagSeconds: () => number }): void {
  const known = samplers.get(collectors);
  if (known !== undefined) return void known.set(kind, read);
  const all = new Map([[kind, read]]);
  samplers.set(collectors, all);
  Object.assign(collectors.objects, { collect: () => all.forEach(({ objects }, name) => collectors.objects.set({ kind: name }, objects())) });
  Object.assign(collectors.lag, { collect: () => all.forEach(({ lagSeconds }, name) => collectors.lag.set({ kind: name }, lagSeconds())) });
}
