import type { ClusterClient } from '@stratalab/job-runtime-kubernetes';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { clusterRoot } from '../settings.ts';

/** Annotations of simulated pods: after which time they end, and with which code. */
export const runsFor = 'stratalab.dev/simulated-for';
export const endsWith = 'stratalab.dev/simulated-exit';

/** Simulated nodes keep pods that say how long they run. */
export async function letPodsLast(cluster: Cluster): Promise<void> {
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], await readFile(join(clusterRoot, 'conf/simulated-pods.yaml'), 'utf8'));
}

/** Pods of jobs made by this client run until they are told to end. */
export function withLastingPods(client: ClusterClient): ClusterClient {
  return { ...client, create: object => client.create(unsafeWithLongLife(object)) };
}

/** Volcano Jobs get an annotation on their pods that simulated nodes read. */
function unsafeWithLongLife<T extends object>(object: T): T {
  const job = object as { readonly kind?: string; readonly spec?: { readonly tasks?: readonly { readonly template: { readonly metadata?: object } }[] } };
  if (job.kind !== 'Job' || job.spec?.tasks === undefined) return object;
  const tasks = job.spec.tasks.map(task => ({ ...task, template: { ...task.template, metadata: { ...task.template.metadata, annotations: { [runsFor]: '1h' } } } }));
  return { ...object, spec: { ...job.spec, tasks } };
}
