import type { V1Node, V1Taint, V1Toleration } from '@kubernetes/client-node';
import type { JobPool, PoolDevice, PoolNode, PoolTenant, Room } from '@stratalab/kernel';
import { overheadMiB } from '../manifests/volcano-job.ts';
import { defaultGpuResource, marks, type Site } from '../site.ts';
import { amountsOf, capacityIn, roomIn, subtract, type Amounts } from './amounts.ts';
import { usedBy, type PoolFacts } from './facts.ts';

/** Labels that say which group of machines a node is of; the first that is there. */
const poolLabels = [
  'stratalab.dev/pool',
  'cloud.google.com/gke-nodepool',
  'eks.amazonaws.com/nodegroup',
  'kubernetes.azure.com/agentpool',
  'karpenter.sh/nodepool',
  'node.kubernetes.io/instance-type',
  'nvidia.com/gpu.product'
];
/** Labels every node has, which tell nobody anything. */
const dullLabel = /^(beta\.)?kubernetes\.io\//;
const plainResources = /^(cpu|memory|pods|ephemeral-storage|hugepages-.*|attachable-volumes-.*)$/;
const mostLabels = 12;

/** The nodes with what is used, and what each tenant has. */
export function poolOf(facts: PoolFacts, site: Site): JobPool {
  const used = usedBy(facts.pods, ({ node }) => node);
  return {
    kind: 'cluster',
    readAt: facts.readAt,
    overheadMiB,
    nodes: facts.nodes.map(node => poolNode(node, used.get(nameOf(node)) ?? {}, site)).sort((one, other) => one.name.localeCompare(other.name)),
    tenants: tenantsOf(facts, site)
  };
}

/** Room on each node that takes jobs, for processes that ask for devices by `gpuResource`. */
export function nodeRooms(facts: PoolFacts, site: Site, gpuResource: string): readonly Room[] {
  const used = usedBy(facts.pods, ({ node }) => node);
  return facts.nodes.filter(node => takesJobs(node, site)).map(node => roomIn(subtract(amountsOf(node.status?.allocatable), used.get(nameOf(node)) ?? {}), gpuResource, false));
}

const nameOf = (node: V1Node): string => node.metadata?.name ?? '';
const isReady = (node: V1Node): boolean => node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

function poolNode(node: V1Node, used: Amounts, site: Site): PoolNode {
  const labels = node.metadata?.labels ?? {};
  const allocatable = amountsOf(node.status?.allocatable);
  const gpuResource = site.gpuResource ?? defaultGpuResource;
  const left = subtract(allocatable, used);
  return {
    name: nameOf(node),
    isReady: isReady(node),
    isOpen: node.spec?.unschedulable !== true,
    takesJobs: takesJobs(node, site),
    pool: poolLabels.map(label => labels[label]).find(value => value !== undefined && value !== '') ?? null,
    labels: Object.fromEntries(
      Object.entries(labels)
        .filter(([name]) => !dullLabel.test(name))
        .slice(0, mostLabels)
    ),
    total: capacityIn(allocatable, gpuResource),
    used: capacityIn(used, gpuResource),
    devices: devicesOf(allocatable, used),
    freeProcesses: left['pods'] ?? null
  };
}

function devicesOf(allocatable: Amounts, used: Amounts): readonly PoolDevice[] {
  return Object.entries(allocatable)
    .filter(([resource, total]) => !plainResources.test(resource) && total > 0)
    .map(([resource, total]) => ({ resource, total, used: used[resource] ?? 0 }));
}

/** Ready, open, chosen by the node selector of this installation, and without a taint its pods do not tolerate. */
function takesJobs(node: V1Node, site: Site): boolean {
  const labels = node.metadata?.labels ?? {};
  const isChosen = Object.entries(site.pod?.nodeSelector ?? {}).every(([name, value]) => labels[name] === value);
  const barring = (node.spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  return isReady(node) && node.spec?.unschedulable !== true && isChosen && barring.every(taint => (site.pod?.tolerations ?? []).some(one => tolerates(one, taint)));
}

function tolerates(toleration: V1Toleration, taint: V1Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.operator === 'Exists') return toleration.key === undefined || toleration.key === '' || toleration.key === taint.key;
  return toleration.key === taint.key && (toleration.value ?? '') === (taint.value ?? '');
}

/** Tenants are known by the mark on their queue. */
function tenantsOf(facts: PoolFacts, site: Site): readonly PoolTenant[] {
  const gpuResource = site.gpuResource ?? defaultGpuResource;
  const used = usedBy(facts.pods, ({ namespace }) => namespace);
  return facts.queues.flatMap(queue => {
    const tenant = queue.metadata?.labels?.[marks.tenant];
    if (tenant === undefined) return [];
    const amounts = used.get(site.namespaceOf(tenant)) ?? {};
    const limit = queue.spec?.capability === undefined ? undefined : capacityIn(amountsOf(queue.spec.capability), gpuResource);
    const waiting = facts.podGroups.filter(({ spec, status }) => spec?.queue === queue.metadata?.name && (status?.phase === 'Pending' || status?.phase === 'Inqueue')).length;
    return [
      {
        tenant,
        used: capacityIn(amounts, gpuResource),
        processes: amounts['pods'] ?? 0,
        waiting,
        limit: limit === undefined ? { cpu: null, memoryMiB: null, gpu: null } : { ...limit }
      }
    ];
  });
}
