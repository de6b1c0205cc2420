import type { ClusterObject } from '../watched-kind.ts';

export interface FakeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: ClusterObject;
  readonly plural: string;
}

export interface NewObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** Objects with versions and a history, as etcd holds them. */
export function createFakeObjects() {
  const objects = new Map<string, { readonly plural: string; readonly object: ClusterObject }>();
  const history: FakeEvent[] = [];
  const listeners = new Set<(event: FakeEvent) => void>();
  let version = 100;
  let oldest = 0;
  let ids = 0;

  const keyOf = (plural: string, namespace: string | undefined, name: string): string => `${plural}/${namespace ?? ''}/${name}`;
  const record = (event: FakeEvent): ClusterObject => {
    history.push(event);
    for (const listener of listeners) listener(event);
    return event.object;
  };
  return {
    get version(): number {
      return version;
    },
    get oldest(): number {
      return oldest;
    },
    get: (plural: string, namespace: string | undefined, name: string): ClusterObject | undefined => objects.get(keyOf(plural, namespace, name))?.object,
    list: (plural: string): readonly ClusterObject[] => [...objects.values()].flatMap(entry => (entry.plural === plural ? [entry.object] : [])),
    after: (from: number): readonly FakeEvent[] => history.filter(({ object }) => Number(object.metadata.resourceVersion) > from),
    put(plural: string, object: NewObject): ClusterObject {
      const { name, namespace } = object.metadata;
      const key = keyOf(plural, namespace, name);
      const before = objects.get(key)?.object;
      version += 1;
      const uid = before?.metadata.uid ?? `uid-${(ids += 1)}`;
      const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version), managedFields: [{ manager: 'fake' }] } };
      objects.set(key, { plural, object: stored });
      return record({ type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored, plural });
    },
    remove(plural: string, namespace: string | undefined, name: string): ClusterObject | undefined {
      const key = keyOf(plural, namespace, name);
      const before = objects.get(key)?.object;
      if (before === undefined) return undefined;
      objects.delete(key);
      version += 1;
      return record({ type: 'DELETED', object: { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } }, plural });
    },
    /** Forgets everything before now: older versions and places in lists are gone. */
    compact(): void {
      oldest = version;
      history.length = 0;
    },
    /** Changes nothing but the version, as a write to another kind does. */
    tick: (): number => (version += 1),
    onEvent(listener: (event: FakeEvent) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  };
}

export type FakeObjects = ReturnType<typeof createFakeObjects>;
