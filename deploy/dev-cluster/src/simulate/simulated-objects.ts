import type { KubernetesObject } from '@kubernetes/client-node';
import { clusterWideObjects, tenantObjects, type TenantSite } from '@stratalab/tenancy-kubernetes';
import { plainSite } from '../tenancy/plain-place.ts';
import type { PlannedJob } from './arrivals.ts';
import type { ScenarioAmounts, ScenarioDocument, ScenarioTenant } from './scenario-schema.ts';

export const gpuResource = 'nvidia.com/gpu';
export const claimName = 'stratalab-data';
export const poolLabel = 'stratalab.dev/pool';
/** On every machine of a simulation, so that its jobs stay on them. */
export const simulationLabel = 'stratalab.dev/simulation';
/** Read by the stage in conf/simulated-pods.yaml. */
const runsFor = 'stratalab.dev/simulated-for';
const exitCode = 'stratalab.dev/simulated-exit';
/** As many as a usual node takes. */
const podsPerNode = 110;

export const migResource = (profile: string): string => `nvidia.com/mig-${profile}`;
/** Namespace and queue of a tenant in one run. */
export const tenantPlace = (run: string, tenant: string): string => `${run}-${tenant}`;

/** What a process asks its GPUs by: whole ones, or the slices of one profile. */
export function gpuOf({ gpu, mig }: ScenarioAmounts): { readonly resource: string; readonly count: number } {
  const [slices] = Object.entries(mig ?? {});
  return slices === undefined ? { resource: gpuResource, count: gpu ?? 0 } : { resource: migResource(slices[0]), count: slices[1] };
}

function resourcesOf({ cpu, memoryGiB, gpu, mig }: ScenarioAmounts): Readonly<Record<string, string>> {
  const slices = Object.entries(mig ?? {}).map(([profile, count]) => [migResource(profile), String(count)]);
  return { cpu: String(cpu), memory: `${Math.round(memoryGiB * 1024)}Mi`, ...(gpu === undefined ? {} : { [gpuResource]: String(gpu) }), ...Object.fromEntries(slices) };
}

/** The machines of all pools, as simulated nodes. */
export function poolNodes({ pools }: ScenarioDocument): readonly KubernetesObject[] {
  return pools.flatMap(({ name: pool, nodes, perNode }) =>
    Array.from({ length: nodes }, (_unused, index) => {
      const name = `sim-${pool}-${index}`;
      const resources = { ...resourcesOf(perNode), pods: String(podsPerNode) };
      return unsafeObject({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
          labels: { type: 'kwok', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', [simulationLabel]: 'true', [poolLabel]: pool }
        },
        spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
        status: { allocatable: resources, capacity: resources }
      });
    })
  );
}

/** Places of one run: what is a tenant here is a tenant of that name in the scenario. */
const siteOf = (run: string): TenantSite => plainSite('/', { namespaceOf: place => place, parentQueue: run, isReclaimable: true });

/** What the tenants of one run have together: the queue above them, and the classes of priorities, which stay. */
export function sharedObjects(run: string): readonly KubernetesObject[] {
  return clusterWideObjects(siteOf(run));
}

/**
 * Everything the product keeps for a tenant on a cluster, with the quota of the scenario, and what the tenant deserves of the pools: what the scenario says, or the
 * part of them that its weight is of all weights, within its quota.
 */
export function placeObjects(run: string, tenant: ScenarioTenant, scenario: ScenarioDocument, weights: ReadonlyMap<string, number>): readonly KubernetesObject[] {
  const place = tenantPlace(run, tenant.name);
  const all = poolTotals(scenario);
  const { quota = {} } = tenant;
  // Places of workspaces are pods one by one: nothing else of the limit of pods is meant here.
  const pods = { jobs: 0, workspaces: quota.pods ?? 100_000 };
  const limits = { cpu: quota.cpu ?? all.cpu, memoryMiB: (quota.memoryGiB ?? all.memoryGiB) * 1024, gpu: quota.gpu ?? all.gpu, ...pods };
  const share = (weights.get(tenant.name) ?? 1) / [...weights.values()].reduce((total, weight) => total + weight, 0);
  const deserved = {
    cpu: tenant.deserved?.cpu ?? Math.min(limits.cpu, all.cpu * share),
    memoryGiB: tenant.deserved?.memoryGiB ?? Math.min(limits.memoryMiB / 1024, all.memoryGiB * share),
    gpu: Math.floor(tenant.deserved?.gpu ?? Math.min(limits.gpu, all.gpu * share)),
    mig: slices(profile => tenant.deserved?.mig?.[profile] ?? Math.floor(Math.min(quota.mig?.[profile] ?? Infinity, (all.mig[profile] ?? 0) * share)))
  };
  const capability = resourcesOf({
    ...{ cpu: limits.cpu, memoryGiB: limits.memoryMiB / 1024, gpu: limits.gpu },
    mig: slices(profile => quota.mig?.[profile] ?? all.mig[profile] ?? 0)
  });
  const withShare = (queue: KubernetesObject): KubernetesObject => {
    const { spec } = unsafeQueue(queue);
    return unsafeObject({ ...queue, spec: { ...spec, capability: { ...spec.capability, ...capability }, deserved: resourcesOf(deserved) } });
  };
  return tenantObjects(siteOf(run), place, limits).map(object => (object.kind === 'Queue' ? withShare(object) : object));

  function slices(amount: (profile: string) => number): Record<string, number> {
    return Object.fromEntries(Object.keys(all.mig).map(profile => [profile, amount(profile)]));
  }
}

/** A Volcano Job of the product whose simulated pods run as long as the scenario says, in seconds of this machine. */
export function withDuration(job: KubernetesObject, planned: PlannedJob, timeScale: number): KubernetesObject {
  const seconds = (planned.isFailing ? planned.runsFor / 2 : planned.runsFor) / timeScale;
  const annotations = { [runsFor]: `${Math.max(1, Math.round(seconds * 1000))}ms`, ...(planned.isFailing ? { [exitCode]: '1' } : {}) };
  const { spec } = unsafeJob(job);
  const tasks = spec.tasks.map(task => ({ ...task, template: { ...task.template, metadata: { ...task.template.metadata, annotations } } }));
  return unsafeObject({ ...job, spec: { ...spec, tasks } });
}

function poolTotals({ pools }: ScenarioDocument): { readonly cpu: number; readonly memoryGiB: number; readonly gpu: number; readonly mig: Readonly<Record<string, number>> } {
  const mig: Record<string, number> = {};
  for (const { nodes, perNode } of pools) for (const [profile, count] of Object.entries(perNode.mig ?? {})) mig[profile] = (mig[profile] ?? 0) + nodes * count;
  const sum = (amount: (perNode: ScenarioAmounts) => number): number => pools.reduce((total, { nodes, perNode }) => total + nodes * amount(perNode), 0);
  return { cpu: sum(({ cpu }) => cpu), memoryGiB: sum(({ memoryGiB }) => memoryGiB), gpu: sum(({ gpu }) => gpu ?? 0), mig };
}

/** The client's types know metadata only; the API server judges the rest. */
function unsafeObject(value: object): KubernetesObject {
  return value as KubernetesObject;
}

function unsafeQueue(queue: KubernetesObject): { readonly spec: { readonly capability?: Readonly<Record<string, string>> } } {
  return queue as unknown as ReturnType<typeof unsafeQueue>;
}

function unsafeJob(job: KubernetesObject): { readonly spec: { readonly tasks: readonly { readonly template: { readonly metadata: object } }[] } } {
  return job as unknown as ReturnType<typeof unsafeJob>;
}
