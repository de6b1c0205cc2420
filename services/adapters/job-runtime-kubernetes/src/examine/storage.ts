import { setTimeout as pause } from 'node:timers/promises';
import { CoreV1Api, StorageV1Api, type V1StorageClass } from '@kubernetes/client-node';
import { reasonOf, statusOf } from './api-error.ts';
import { ok, unknown, warn, type ClusterFinding, type ExamineOptions } from './finding.ts';

const classesName = 'Storage classes';
const sharedName = 'Shared volume';
const bindTimeoutMs = 30_000;
const pollMs = 500;
const isDefault = 'storageclass.kubernetes.io/is-default-class';
const whyShared = 'The platform and all jobs write to one volume from several nodes.';
const byHand = 'Make a PersistentVolume of a shared file system (NFS, CephFS, EFS …) with ReadWriteMany, and name it in STRATALAB_CLUSTER_VOLUME.';

/** Storage classes, and whether a volume that many nodes write to (ReadWriteMany) can be had; with a class that binds at once it is tried. */
export async function examineStorage(options: ExamineOptions, namespace: string | undefined): Promise<readonly ClusterFinding[]> {
  const classes = await options.kubeConfig
    .makeApiClient(StorageV1Api)
    .listStorageClass()
    .then(
      ({ items }) => items,
      error => (statusOf(error) === 403 ? undefined : Promise.reject(error))
    );
  if (classes === undefined) return [unknown(classesName, 'This account may not see them.', 'Ask the operator of the cluster.')];
  const shared = await sharedVolumes(options);
  if (classes.length === 0) {
    const finding =
      shared.length > 0
        ? ok(sharedName, `${shared.join(', ')} can be written from many nodes`)
        : unknown(sharedName, `It could not be told: there is no class to ask, and no volume with ReadWriteMany is there. ${whyShared}`, byHand);
    return [warn(classesName, 'There are none; volumes must be made by hand.', 'Fine with STRATALAB_CLUSTER_VOLUME; homes of workspaces need one too.'), finding];
  }
  const chosen = classes.find(({ metadata }) => metadata?.annotations?.[isDefault] === 'true');
  const names = classes.map(({ metadata }) => metadata?.name ?? '').join(', ');
  const about =
    chosen === undefined
      ? warn(classesName, `${names}; none is the default.`, 'Mark one as the default, or name it wherever a claim is made.')
      : ok(classesName, `${names}; ${chosen.metadata?.name} is the default`);
  return [about, shared.length > 0 ? ok(sharedName, `${shared.join(', ')} can be written from many nodes`) : await tryClaim(options, namespace, chosen ?? classes[0])];
}

async function sharedVolumes({ kubeConfig }: ExamineOptions): Promise<readonly string[]> {
  const { items } = await kubeConfig
    .makeApiClient(CoreV1Api)
    .listPersistentVolume()
    .catch(() => ({ items: [] }));
  return items.filter(({ spec }) => spec?.accessModes?.includes('ReadWriteMany') === true).map(({ metadata }) => metadata?.name ?? 'a volume');
}

async function tryClaim(options: ExamineOptions, namespace: string | undefined, storageClass: V1StorageClass | undefined): Promise<ClusterFinding> {
  const className = storageClass?.metadata?.name ?? '';
  if (namespace === undefined) return unknown(sharedName, 'It could not be probed without a namespace of its own.', 'Run this as somebody who may make namespaces.');
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer')
    return unknown(
      sharedName,
      `It could not be probed: ${className} makes a volume only for a pod that runs. ${whyShared}`,
      `See whether ${storageClass.provisioner} offers ReadWriteMany; else: ${byHand}`
    );
  const core = options.kubeConfig.makeApiClient(CoreV1Api);
  try {
    await core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: { metadata: { name: 'shared' }, spec: { accessModes: ['ReadWriteMany'], storageClassName: className, resources: { requests: { storage: '1Mi' } } } }
    });
  } catch (error) {
    return unknown(sharedName, `It could not be probed: ${reasonOf(error)}.`, 'Run this as somebody who may make claims.');
  }
  for (const deadline = Date.now() + bindTimeoutMs; Date.now() < deadline;) {
    options.signal.throwIfAborted();
    const { status } = await core.readNamespacedPersistentVolumeClaim({ namespace, name: 'shared' });
    if (status?.phase === 'Bound') return ok(sharedName, `${className} gives volumes that many nodes write to`);
    await pause(pollMs, undefined, { signal: options.signal });
  }
  const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: 'involvedObject.name=shared' });
  const said = items.at(-1)?.message ?? 'nobody says why';
  return warn(sharedName, `${className} gave no volume with ReadWriteMany within ${bindTimeoutMs / 1000} s: ${said}. ${whyShared}`, byHand);
}
