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

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

interface MakesPods {
  readonly kind?: string;
  readonly spec?: {
    readonly tasks?: readonly { readonly template: Template }[];
    readonly rayClusterSpec?: { readonly headGroupSpec: { readonly template: Template }; readonly workerGroupSpecs: readonly { readonly template: Template }[] };
  };
}

/** Volcano Jobs and RayJobs get an annotation on their pods that simulated nodes read. */
function unsafeWithLongLife<T extends object>(object: T): T {
  const { kind, spec }: MakesPods = object;
  const lasting = <G extends { readonly template: Template }>(group: G): G => {
    const metadata = { ...group.template.metadata, annotations: { ...group.template.metadata?.annotations, [runsFor]: '1h' } };
    return { ...group, template: { ...group.template, metadata } };
  };
  if (kind === 'Job' && spec?.tasks !== undefined) return { ...object, spec: { ...spec, tasks: spec.tasks.map(lasting) } };
  if (kind !== 'RayJob' || spec?.rayClusterSpec === undefined) return object;
  const { headGroupSpec, workerGroupSpecs } = spec.rayClusterSpec;
  return { ...object, spec: { ...spec, rayClusterSpec: { ...spec.rayClusterSpec, headGroupSpec: lasting(headGroupSpec), workerGroupSpecs: workerGroupSpecs.map(lasting) } } };
}
