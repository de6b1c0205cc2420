import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger, Metrics } from '@stratalab/kernel';
import { followKind, type FollowTimes } from './follow-kind.ts';
import { createClusterHttp } from './http/cluster-http.ts';
import { createObjectStore, type ObjectChange } from './objects/object-store.ts';
import { createKindMetrics, type KindCounters } from './watch-metrics.ts';
import type { ClusterObject, WatchedKind } from './watched-kind.ts';

/** What is known of one kind, in memory. */
export interface KindView {
  /**
   * Whether the view shows the cluster as it is, but for a moment: a complete list came, the last request was answered, and the API server gave a sign of life within 75 s. When not, ask the cluster.
   * An object a fresh view lacks may have been made a moment ago: ask before calling it absent.
   */
  readonly isFresh: boolean;
  get(namespace: string | undefined, name: string): ClusterObject | undefined;
  all(): Iterable<ClusterObject>;
  /** Objects whose index label has this value. */
  labelled(value: string): readonly ClusterObject[];
}

export interface ChangeOfKind extends ObjectChange {
  readonly kind: WatchedKind;
}

export interface ClusterWatch {
  /** Watches until `signal` aborts; resolves when nothing of it runs any more. Once per watch. */
  run(signal: AbortSignal): Promise<void>;
  /** @throws Error for a kind this watch does not have */
  view(name: string): KindView;
  /** As `view`; undefined for a kind this watch does not have. */
  find(name: string): KindView | undefined;
  /** Told of every change, in the order it was learned; may be told of one twice after a fault. What it throws is counted and logged. @returns takes the listener away */
  onChange(listener: (change: ChangeOfKind) => void): () => void;
  /** Requests, bytes, faults and objects of each kind since the start. */
  counters(): Readonly<Record<string, KindCounters & { readonly objects: number }>>;
}

export interface ClusterWatchOptions {
  readonly kubeConfig: KubeConfig;
  readonly kinds: readonly WatchedKind[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly times?: Partial<WatchTimeouts>;
  /** Spreads pauses; Math.random unless given. */
  readonly random?: () => number;
}

export interface WatchTimeouts extends FollowTimes {
  /** How old the last sign of life may be before the view is not fresh. */
  readonly freshMs: number;
}

const defaultTimes: WatchTimeouts = { silenceMs: 90_000, shortestWatchMs: 300_000, auditMs: 600_000, settleMs: 5_000, freshMs: 75_000 };

/** One list and one watch for each kind, over the whole cluster, kept alive whatever the API server does; and what they tell, in memory. */
export function createClusterWatch(options: ClusterWatchOptions): ClusterWatch {
  const { kubeConfig, logger, metrics } = options;
  const times = { ...defaultTimes, ...options.times };
  const listeners = new Set<(change: ChangeOfKind) => void>();
  const kinds = new Map(options.kinds.map(kind => [kind.name, createKind({ kind, metrics, freshMs: times.freshMs })]));

  const tell = (entry: Kind, change: ObjectChange): void => {
    for (const listener of listeners) {
      try {
        listener({ ...change, kind: entry.kind });
      } catch (error) {
        entry.metrics.callbackFailed();
        logger.error({ event: 'cluster-watch.listener-failed', kind: entry.kind.name, error }, 'a listener to changes of the cluster failed');
      }
    }
  };
  return {
    async run(signal) {
      const http = createClusterHttp(kubeConfig);
      const follow = (entry: Kind): Promise<void> =>
        followKind(
          {
            ...entry,
            http,
            logger,
            times,
            random: options.random ?? Math.random,
            onChange: change => tell(entry, change),
            onAlive: entry.onAlive,
            onApart: entry.onApart,
            onSynced: entry.onSynced
          },
          signal
        );
      await Promise.all([...kinds.values()].map(follow));
      http.close();
    },
    view(name) {
      const entry = kinds.get(name);
      if (entry === undefined) throw new Error(`'${name}' is not watched.`);
      return entry.view;
    },
    find: name => kinds.get(name)?.view,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    counters: () => Object.fromEntries([...kinds].map(([name, { metrics: own, store }]) => [name, { ...own.counters(), objects: store.size }]))
  };
}

type Kind = ReturnType<typeof createKind>;

function createKind({ kind, metrics, freshMs }: { readonly kind: WatchedKind; readonly metrics: Metrics; readonly freshMs: number }) {
  const store = createObjectStore(kind.indexLabel);
  let isSynced = false;
  let isApart = false;
  let aliveAt = performance.now();
  const view: KindView = {
    get isFresh() {
      return isSynced && !isApart && performance.now() - aliveAt <= freshMs;
    },
    get: store.get,
    all: store.all,
    labelled: store.labelled
  };
  return {
    kind,
    store,
    view,
    metrics: createKindMetrics(kind.name, metrics, { objects: () => store.size, lagSeconds: () => (performance.now() - aliveAt) / 1000 }),
    onAlive() {
      aliveAt = performance.now();
      isApart = false;
    },
    onApart: () => void (isApart = true),
    onSynced: () => void (isSynced = true)
  };
}
