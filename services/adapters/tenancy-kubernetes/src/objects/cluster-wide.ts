import type { KubernetesObject } from '@kubernetes/client-node';
import { jobPriorities, jobPriorityClass, marks } from '@stratalab/job-runtime-kubernetes';
import type { TenantSite } from '../tenant-site.ts';
import { unsafeObject } from './labels.ts';

const labels = { [marks.managed]: 'true' };
const workspaceValue = 10_000;
/** Of a job with priority 0; every priority is below a workspace, and above what has none. */
const jobValue = 1_000;

/**
 * People wait for workspaces, nobody sits before a job: with both waiting for a node, the workspace comes first. Among the jobs of a tenant the one with the higher
 * priority does. Nothing that runs is pushed out for one of them; where tenants give back what is due to others, Volcano asks that pods may, and looks at queues, not at
 * priorities, for what to end.
 */
export function priorityClasses({ isReclaimable }: Pick<TenantSite, 'isReclaimable'>): readonly KubernetesObject[] {
  const preemptionPolicy = isReclaimable ? 'PreemptLowerPriority' : 'Never';
  return [
    priorityClass({ name: isReclaimable ? 'stratalab-reclaiming-workspace' : 'stratalab-workspace', value: workspaceValue, description: 'Workspaces of people', preemptionPolicy }),
    ...jobPriorities.map(priority =>
      priorityClass({
        name: jobPriorityClass(priority, { isReclaiming: isReclaimable }),
        value: jobValue + priority,
        description: `Jobs of priority ${priority}`,
        preemptionPolicy
      })
    )
  ];
}

function priorityClass({ name, ...what }: { readonly name: string; readonly value: number; readonly description: string; readonly preemptionPolicy: string }): KubernetesObject {
  return unsafeObject({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name, labels }, globalDefault: false, ...what });
}

/** The queue above the queues of all tenants: what else runs on the cluster keeps its own. */
function parentQueue(name: string): KubernetesObject {
  return unsafeObject({ apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'Queue', metadata: { name, labels }, spec: { parent: 'root', weight: 1, reclaimable: true } });
}

/** What all tenants have together. */
export function clusterWideObjects(site: Pick<TenantSite, 'isReclaimable' | 'parentQueue'>): readonly KubernetesObject[] {
  return [...priorityClasses(site), parentQueue(site.parentQueue)];
}
