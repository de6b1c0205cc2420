import type { ClusterWatch } from '@stratalab/cluster-watch';

/** When the cluster told of a gang for the first time, of its place on nodes, and of its end; by name, in `performance.now()`. */
export interface GangTimes {
  readonly createdAt: ReadonlyMap<string, number>;
  readonly admittedAt: ReadonlyMap<string, number>;
  readonly endedAt: ReadonlyMap<string, number>;
}

const admitted = new Set(['Running', 'Completing', 'Completed']);

/** @param watch has a kind whose objects are Volcano Jobs, named `volcano-jobs` */
export function followGangs(watch: ClusterWatch, namespace: string): GangTimes {
  const [createdAt, admittedAt, endedAt] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const first = (times: Map<string, number>, name: string, at: number): void => void (times.has(name) || times.set(name, at));
  watch.onChange(({ kind, object }) => {
    if (kind.name !== 'volcano-jobs' || object.metadata.namespace !== namespace) return;
    const at = performance.now();
    const phase = unsafePhase(object);
    first(createdAt, object.metadata.name, at);
    if (admitted.has(phase)) first(admittedAt, object.metadata.name, at);
    if (phase === 'Completed') first(endedAt, object.metadata.name, at);
  });
  return { createdAt, admittedAt, endedAt };
}

/** Volcano writes a phase; what it has not written yet is none. */
function unsafePhase(object: object): string {
  return (object as { readonly status?: { readonly state?: { readonly phase?: string } } }).status?.state?.phase ?? '';
}
