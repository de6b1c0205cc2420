import type { ClusterObject, WatchedKind } from '@stratalab/cluster-watch';
import { marks } from '../site.ts';

const managed = `${marks.managed}=true`;
const scheduling = 'scheduling.volcano.sh/v1beta1';

/** Gangs of the platform, by the id of their job. */
const volcanoJobs: WatchedKind = {
  ...{ name: 'volcano-jobs', apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job', plural: 'jobs', labelSelector: managed, indexLabel: marks.job },
  keep: ({ spec, status }) => ({
    spec: picked(spec, ['queue', 'minAvailable']),
    status: { ...picked(status, ['state']), conditions: each(status, 'conditions', ['status', 'lastTransitionTime']) }
  })
};

/** Their pods: where they run and how they are. */
const pods: WatchedKind = {
  ...{ name: 'pods', apiVersion: 'v1', kind: 'Pod', plural: 'pods', labelSelector: managed, indexLabel: marks.job },
  keep: ({ spec, status }) => ({
    spec: {
      ...picked(spec, ['nodeName']),
      containers: each(spec, 'containers', ['name', 'resources']),
      initContainers: each(spec, 'initContainers', ['name', 'resources', 'restartPolicy'])
    },
    status: {
      ...picked(status, ['phase', 'reason', 'message']),
      conditions: each(status, 'conditions', ['type', 'status', 'reason', 'message']),
      containerStatuses: each(status, 'containerStatuses', ['name', 'state', 'restartCount'])
    }
  })
};

const rayJobs: WatchedKind = {
  ...{ name: 'ray-jobs', apiVersion: 'ray.io/v1', kind: 'RayJob', plural: 'rayjobs', labelSelector: managed, indexLabel: marks.job },
  keep: object => ({ spec: picked(object['spec'], ['suspend']), status: object['status'] })
};

/** Everybody's: what others ask for and hold decides about room, too. */
const podGroups: WatchedKind = {
  ...{ name: 'pod-groups', apiVersion: scheduling, kind: 'PodGroup', plural: 'podgroups' },
  keep: object => ({ spec: picked(object['spec'], ['queue', 'minMember', 'minResources']), status: picked(object['status'], ['phase', 'conditions']) })
};

const queues: WatchedKind = { name: 'queues', apiVersion: scheduling, kind: 'Queue', plural: 'queues' };

const nodes: WatchedKind = {
  ...{ name: 'nodes', apiVersion: 'v1', kind: 'Node', plural: 'nodes' },
  keep: ({ spec, status }) => ({
    spec: picked(spec, ['unschedulable', 'taints']),
    status: { ...picked(status, ['allocatable', 'capacity']), conditions: each(status, 'conditions', ['type', 'status', 'reason']) }
  })
};

/** What a platform with jobs on a cluster watches; the account it uses needs list and watch on each of them in the whole cluster. */
export function jobKinds(options: { readonly hasRay?: boolean } = {}): readonly WatchedKind[] {
  return [volcanoJobs, pods, podGroups, queues, nodes, ...(options.hasRay === true ? [rayJobs] : [])];
}

export const attemptKinds = [volcanoJobs.name, pods.name, rayJobs.name, podGroups.name] as const;
export const volcanoJobsName = volcanoJobs.name;
export const podsName = pods.name;
export const nodesName = nodes.name;
export const rayJobsName = rayJobs.name;
/** Kinds whose list may be a moment old; a list of gangs may not, since it says what has to be removed. */
export const listedNames: Readonly<Record<string, string>> = { PodGroup: podGroups.name, Queue: queues.name };

type Fields = Readonly<Record<string, unknown>>;

function picked(value: unknown, names: readonly string[]): Fields {
  return isFields(value) ? Object.fromEntries(names.flatMap(name => (value[name] === undefined ? [] : [[name, value[name]]]))) : {};
}

function each(value: ClusterObject[string], list: string, names: readonly string[]): readonly Fields[] {
  const items = isFields(value) ? value[list] : undefined;
  return Array.isArray(items) ? items.map(item => picked(item, names)) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
