import {
  ApiException,
  CoreV1Api,
  PatchStrategy,
  type CoreV1Event,
  type KubeConfig,
  type KubernetesObject,
  type V1Node,
  type V1Pod,
  type V1ResourceQuota
} from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import { RawObjectApi } from './raw-objects.ts';

type Named = Pick<KubernetesObject, 'apiVersion' | 'kind'> & { readonly metadata: { readonly name: string; readonly namespace?: string } };

/** The few calls this adapter makes; expected answers are values, a cluster that cannot be reached is `unavailable`. */
export interface ClusterClient {
  /** @returns false when an object of this name is there already */
  create(object: KubernetesObject): Promise<boolean>;
  read<T extends KubernetesObject>(object: Named): Promise<T | undefined>;
  /** @param namespace only what is in it; everything when absent */
  list<T extends KubernetesObject>(apiVersion: string, kind: string, namespace?: string): Promise<readonly T[]>;
  /** Merges annotations into an object. @returns false when there is none */
  annotate(object: Named, annotations: Readonly<Record<string, string>>): Promise<boolean>;
  /** Changes what the given fields say and nothing else. @returns false when there is no such object */
  merge(object: Named & { readonly spec: object }): Promise<boolean>;
  /** Makes the object as the text says, whatever it was (server-side apply). */
  apply(object: KubernetesObject): Promise<void>;
  /** Idempotent. */
  remove(object: Named, graceSeconds?: number): Promise<void>;
  pods(namespace: string, labels: Readonly<Record<string, string>>): Promise<readonly V1Pod[]>;
  nodes(): Promise<readonly V1Node[]>;
  /** Pods of all namespaces that have a node and are not over, page by page, each reduced as soon as it is read. */
  placedPods<T>(pick: (pod: V1Pod) => readonly T[]): Promise<readonly T[]>;
  /** Resource quotas of all namespaces. */
  quotas(): Promise<readonly V1ResourceQuota[]>;
  /** Events about one object, newest first. */
  events(namespace: string, kind: string, name: string): Promise<readonly CoreV1Event[]>;
}

const fieldManager = 'stratalab';
const pageSize = 500;
const placedSelector = 'spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed';

export function createClusterClient(kubeConfig: KubeConfig): ClusterClient {
  const objects = kubeConfig.makeApiClient(RawObjectApi);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  return {
    create: object => answered(objects.create(object, undefined, undefined, fieldManager), 409),
    read: async <T>(object: Named) => unsafeObject<T | undefined>(await found(objects.read(object))),
    list: async <T>(apiVersion: string, kind: string, namespace?: string) => unsafeObject<readonly T[]>((await call(objects.list(apiVersion, kind, namespace))).items),
    annotate: (object, annotations) => {
      const patch = { ...object, metadata: { ...object.metadata, annotations: { ...annotations } } };
      return answered(objects.patch(patch, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch), 404);
    },
    merge: object => answered(objects.patch(object, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch), 404),
    apply: async object => void (await call(objects.applyRaw(object, fieldManager))),
    remove: async (object, graceSeconds) => void (await answered(objects.delete(object, undefined, undefined, graceSeconds, undefined, 'Background'), 404)),
    pods: async (namespace, labels) => {
      const labelSelector = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      return (await call(core.listNamespacedPod({ namespace, labelSelector: labelSelector.join(',') }))).items;
    },
    nodes: async () => (await call(core.listNode())).items,
    placedPods: async <T>(pick: (pod: V1Pod) => readonly T[]) => {
      const picked: T[] = [];
      let next: string | undefined;
      do {
        const page = await call(core.listPodForAllNamespaces({ fieldSelector: placedSelector, limit: pageSize, ...(next === undefined ? {} : { _continue: next }) }));
        for (const pod of page.items) picked.push(...pick(pod));
        next = page.metadata?._continue;
      } while (next !== undefined && next !== '');
      return picked;
    },
    quotas: async () => (await call(core.listResourceQuotaForAllNamespaces())).items,
    events: async (namespace, kind, name) => {
      const { items } = await call(core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}` }));
      const time = (event: CoreV1Event): number => new Date(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? 0).getTime();
      return items.sort((a, b) => time(b) - time(a));
    }
  };
}

async function call<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof ApiException && cause.code < 500 && cause.code !== 429) throw cause;
    throw new Problem('unavailable', { detail: 'The cluster does not answer right now.', retryAfterSeconds: 5, cause });
  }
}

async function found<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await call(work);
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}

/** false for the one refusal that is expected. */
async function answered(work: Promise<unknown>, expectedCode: number): Promise<boolean> {
  try {
    await call(work);
    return true;
  } catch (error) {
    if (error instanceof ApiException && error.code === expectedCode) return false;
    throw error;
  }
}

/** The API server answers with the kind that was asked for. */
function unsafeObject<T>(value: unknown): T {
  return value as T;
}
