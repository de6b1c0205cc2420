import type { KubernetesObject } from '@kubernetes/client-node';
import { marks } from '@stratalab/job-runtime-kubernetes';
import { unsafeObject } from './labels.ts';

const labels = { [marks.managed]: 'true' };

/** People wait for workspaces, nobody sits before a job: with both waiting for a node, the workspace comes first. Nothing that runs is pushed out. */
export const priorityClasses: readonly KubernetesObject[] = [
  { name: 'stratalab-workspace', value: 10_000, description: 'Workspaces of people' },
  { name: 'stratalab-job', value: 1_000, description: 'Jobs of the platform' }
].map(({ name, value, description }) =>
  unsafeObject({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name, labels }, value, description, globalDefault: false, preemptionPolicy: 'Never' })
);

/** The queue above the queues of all tenants: what else runs on the cluster keeps its own. */
export function parentQueue(name: string): KubernetesObject {
  return unsafeObject({ apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'Queue', metadata: { name, labels }, spec: { parent: 'root', weight: 1, reclaimable: true } });
}
