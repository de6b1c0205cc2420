import type { KubernetesObject, V1Node, V1Pod } from '@kubernetes/client-node';
import type { ClusterObject, ClusterWatch, KindView } from '@stratalab/cluster-watch';
import type { ClusterClient } from '../cluster-client.ts';
import type { VolcanoJobState } from '../observe/cluster-objects.ts';
import { isEndedPhase } from '../observe/observation.ts';
import { marks } from '../site.ts';
import { jobKinds, listedNames, nodesName, podsName, rayJobsName, volcanoJobsName } from './watched-kinds.ts';

/**
 * The same calls, answered from what the watch knows wherever that is as good as asking; the cluster is asked when the watch is not fresh, when it has no such
 * object (it may have been made a moment ago: nothing is ever called absent from memory), and for how a gang ended until all that is needed has been told.
 */
export function createWatchedClient(client: ClusterClient, watch: ClusterWatch): ClusterClient {
  const kinds = jobKinds({ hasRay: true });
  const fresh = (name: string | undefined): KindView | undefined => {
    const view = name === undefined ? undefined : watch.find(name);
    return view?.isFresh === true ? view : undefined;
  };
  return {
    ...client,
    async read<T extends KubernetesObject>(object: Parameters<ClusterClient['read']>[0]) {
      const kind = kinds.find(({ apiVersion, kind: name }) => apiVersion === object.apiVersion && name === object.kind);
      const { namespace, name } = object.metadata;
      const known = fresh(kind?.name)?.get(namespace, name);
      if (known !== undefined) return unsafeObject<T>(known);
      // An attempt that Ray runs has no gang of Volcano's.
      if (kind?.name === volcanoJobsName && fresh(rayJobsName)?.get(namespace, name) !== undefined) return undefined;
      return client.read<T>(object);
    },
    async list<T extends KubernetesObject>(apiVersion: string, kind: string, namespace?: string) {
      const view = fresh(kinds.find(known => known.apiVersion === apiVersion && known.name === listedNames[kind])?.name);
      if (view === undefined) return client.list<T>(apiVersion, kind, namespace);
      return [...view.all()].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace).map(unsafeObject<T>);
    },
    async pods(namespace, labels) {
      const job = labels[marks.job];
      const view = fresh(podsName);
      // All pods of a job, whatever the attempt, are asked for before its folders are removed: that must be true, not recent.
      if (view === undefined || job === undefined || labels[marks.attempt] === undefined) return client.pods(namespace, labels);
      const found = view
        .labelled(job)
        .filter(({ metadata }) => metadata.namespace === namespace && hasLabels(metadata.labels ?? {}, labels))
        .map(unsafeObject<V1Pod>);
      const gang = fresh(volcanoJobsName)
        ?.labelled(job)
        .find(({ metadata }) => metadata.labels?.[marks.attempt] === labels[marks.attempt]);
      return isEndToldWhole(gang, found) ? found : client.pods(namespace, labels);
    },
    async nodes() {
      const view = fresh(nodesName);
      return view === undefined ? client.nodes() : [...view.all()].map(unsafeObject<V1Node>);
    }
  };
}

/**
 * Two watches tell of a gang and of its pods, and either may be ahead. How a gang ended is read from its pods, once and for ever: before all of them were told to
 * have ended, and for every gang that did not end well, that is asked and not remembered.
 */
function isEndToldWhole(gang: ClusterObject | undefined, pods: readonly V1Pod[]): boolean {
  const phase = gang === undefined ? undefined : unsafeObject<VolcanoJobState>(gang).status?.state?.phase;
  if (phase === undefined || !isEndedPhase(phase)) return true;
  return phase === 'Completed' && pods.length > 0 && pods.every(pod => pod.status?.phase === 'Succeeded');
}

function hasLabels(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** A watched object holds what this adapter reads of its kind (`watched-kinds.ts`). */
function unsafeObject<T>(object: unknown): T {
  return object as T;
}
