export { createClusterWatch, type ChangeOfKind, type ClusterWatch, type ClusterWatchOptions, type KindView, type WatchTimeouts } from './cluster-watch.ts';
export type { ObjectChange } from './objects/object-store.ts';
export type { KindCounters } from './watch-metrics.ts';
export type { ClusterObject, ObjectMetadata, WatchedKind } from './watched-kind.ts';
