import type { ClusterObject } from '../watched-kind.ts';
import { isNewer } from './resource-version.ts';

export interface ObjectChange {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: ClusterObject;
}

/** What came of an offer: it changed something, only the version moved, or it was older than what is known. */
export type Offer = ObjectChange | 'unchanged' | 'stale';

/** Deletions that are remembered, to know an echo from before one when it comes late. */
const rememberedDeletions = 10_000;

export const keyOf = ({ metadata }: ClusterObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** The newest known state of the objects of one kind. Order and doubling of what is offered do not matter: only what is newer changes anything. */
export function createObjectStore(indexLabel?: string) {
  const objects = new Map<string, ClusterObject>();
  const index = new Map<string, Set<string>>();
  const deletions = new Map<string, string>();

  const indexed = (object: ClusterObject): string | undefined => (indexLabel === undefined ? undefined : object.metadata.labels?.[indexLabel]);
  const set = (key: string, object: ClusterObject): void => {
    unset(key);
    objects.set(key, object);
    const value = indexed(object);
    if (value === undefined) return;
    const keys = index.get(value) ?? new Set();
    keys.add(key);
    index.set(value, keys);
  };
  const unset = (key: string): void => {
    const before = objects.get(key);
    if (before === undefined) return;
    objects.delete(key);
    const value = indexed(before);
    const keys = value === undefined ? undefined : index.get(value);
    keys?.delete(key);
    if (value !== undefined && keys?.size === 0) index.delete(value);
  };
  const remember = (uid: string, version: string): void => {
    deletions.delete(uid);
    deletions.set(uid, version);
    const oldest = deletions.keys().next();
    if (deletions.size > rememberedDeletions && oldest.done !== true) deletions.delete(oldest.value);
  };
  /** Whether this state is newer than everything known of its object and of its name. */
  const isNews = (object: ClusterObject): boolean => {
    const { uid, resourceVersion } = object.metadata;
    const deletedAt = deletions.get(uid);
    if (deletedAt !== undefined && !isNewer(resourceVersion, deletedAt)) return false;
    const known = objects.get(keyOf(object));
    return known === undefined || isNewer(resourceVersion, known.metadata.resourceVersion);
  };

  return {
    get size(): number {
      return objects.size;
    },
    get: (namespace: string | undefined, name: string): ClusterObject | undefined => objects.get(`${namespace ?? ''}/${name}`),
    all: (): IterableIterator<ClusterObject> => objects.values(),
    labelled: (value: string): readonly ClusterObject[] => [...(index.get(value) ?? [])].flatMap(key => objects.get(key) ?? []),
    isNews,
    /** A state that was listed or watched. */
    offer(object: ClusterObject): Offer {
      if (!isNews(object)) return 'stale';
      const key = keyOf(object);
      const known = objects.get(key);
      set(key, object);
      if (known === undefined) return { type: 'added', object };
      return isSameBesideVersion(known, object) ? 'unchanged' : { type: 'modified', object };
    },
    /** A deletion that was watched; one of an object that came back under its name since then is an echo. */
    noteDeletion(object: ClusterObject): Offer {
      const { uid, resourceVersion } = object.metadata;
      const deletedAt = deletions.get(uid);
      if (deletedAt === undefined || isNewer(resourceVersion, deletedAt)) remember(uid, resourceVersion);
      const known = objects.get(keyOf(object));
      if (known === undefined || (known.metadata.uid !== uid && isNewer(known.metadata.resourceVersion, resourceVersion))) return 'stale';
      unset(keyOf(object));
      return { type: 'deleted', object: known };
    },
    /** Takes away what complete lists no longer hold; it may come back. */
    drop(key: string): Offer {
      const known = objects.get(key);
      if (known === undefined) return 'stale';
      unset(key);
      return { type: 'deleted', object: known };
    },
    /** Keys that a complete list at this version should have held and did not. */
    missingFrom: (listed: ReadonlySet<string>, version: string): readonly string[] =>
      [...objects].flatMap(([key, { metadata }]) => (listed.has(key) || isNewer(metadata.resourceVersion, version) ? [] : [key]))
  };
}

export type ObjectStore = ReturnType<typeof createObjectStore>;

/** Versions move for reasons nobody asked for: a manager's bookkeeping, a field that is not kept. */
function isSameBesideVersion(one: ClusterObject, other: ClusterObject): boolean {
  const text = (object: ClusterObject): string => JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: '' } });
  return text(one) === text(other);
}
