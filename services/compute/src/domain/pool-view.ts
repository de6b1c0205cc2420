import type { Amount, Pool, PoolNode, Resources } from '@stratalab/contracts/compute';
import { largestGang, processesIn, type JobPool, type PoolNode as Node, type Room } from '@stratalab/kernel';
import { minus, nothing, plus, type Amounts } from './amounts.ts';

const mostTenants = 200;
const open: Room = { cpu: Infinity, memoryMiB: Infinity, gpu: Infinity, processes: null };

/** The sums of a pool: without its nodes, which are paged. */
export type PoolSums = Omit<Pool, 'items' | 'nextCursor'>;

/**
 * What a pool is worth for the usual job. Sums are over the nodes that take jobs; free there, but on nodes where not one usual process fits, is fragmented.
 */
export function poolSums(pool: JobPool, usualAsk: Resources): PoolSums {
  const taking = pool.nodes.filter(({ takesJobs }) => takesJobs);
  const sum = (nodes: readonly Node[], of: (node: Node) => Amounts): Amount => ({ ...nodes.map(of).reduce(plus, nothing) });
  const useless = taking.filter(node => fitsOf(node, usualAsk, pool.overheadMiB) === 0);
  return {
    kind: pool.kind,
    readAt: pool.readAt,
    usualAsk,
    largestGang: largestGang(usualAsk, { nodes: taking.map(roomOf), limit: open, overheadMiB: pool.overheadMiB }),
    total: sum(taking, ({ total }) => total),
    used: sum(taking, ({ used }) => used),
    free: sum(taking, freeOf),
    fragmented: sum(useless, freeOf),
    closed: sum(
      pool.nodes.filter(({ takesJobs }) => !takesJobs),
      ({ total }) => total
    ),
    devices: devicesOf(taking),
    tenants: pool.tenants
      .map(({ tenant, used, processes, waiting, limit }) => ({ tenant, used: { ...used }, processes, waiting, limits: { ...limit } }))
      .sort((one, other) => other.used.gpu - one.used.gpu || other.used.cpu - one.used.cpu || one.tenant.localeCompare(other.tenant))
      .slice(0, mostTenants),
    nodeCount: pool.nodes.length
  };
}

export function nodeView(node: Node, usualAsk: Resources, overheadMiB: number): PoolNode {
  const { name, isReady, isOpen, takesJobs, pool, labels, total, used, devices } = node;
  const fits = takesJobs ? fitsOf(node, usualAsk, overheadMiB) : 0;
  return { name, isReady, isOpen, takesJobs, pool, labels: { ...labels }, total: { ...total }, used: { ...used }, devices: devices.map(device => ({ ...device })), fits };
}

export interface Holder {
  readonly tenant: string;
  readonly processes: number;
  readonly holds: Amounts;
  readonly isWaiting: boolean;
}

/** One machine as a pool: what is used is what jobs hold. */
export function machinePool(capacity: Amounts, jobs: readonly Holder[], readAt: string): JobPool {
  const running = jobs.filter(({ isWaiting }) => !isWaiting);
  const used = running.map(({ holds }) => holds).reduce(plus, nothing);
  const names = [...new Set(jobs.map(({ tenant }) => tenant))];
  const devices = capacity.gpu > 0 ? [{ resource: 'gpu', total: capacity.gpu, used: used.gpu }] : [];
  return {
    kind: 'machine',
    readAt,
    overheadMiB: 0,
    nodes: [{ ...{ name: 'this machine', isReady: true, isOpen: true, takesJobs: true, pool: null, labels: {} }, total: capacity, used, devices, freeProcesses: null }],
    tenants: names.map(tenant => {
      const own = running.filter(job => job.tenant === tenant);
      return {
        tenant,
        used: own.map(({ holds }) => holds).reduce(plus, nothing),
        processes: own.reduce((sum, { processes }) => sum + processes, 0),
        waiting: jobs.filter(job => job.tenant === tenant && job.isWaiting).length,
        limit: { cpu: null, memoryMiB: null, gpu: null }
      };
    })
  };
}

function freeOf({ total, used }: Pick<Node, 'total' | 'used'>): Amounts {
  const left = minus(total, used);
  return { cpu: Math.max(0, left.cpu), memoryMiB: Math.max(0, left.memoryMiB), gpu: Math.max(0, left.gpu) };
}

const roomOf = (node: Node): Room => ({ ...freeOf(node), processes: node.freeProcesses });

function fitsOf(node: Node, each: Resources, overheadMiB: number): number {
  return processesIn({ ...each, memoryMiB: each.memoryMiB + overheadMiB }, roomOf(node));
}

function devicesOf(nodes: readonly Node[]): Pool['devices'] {
  const sums = new Map<string, { resource: string; total: number; used: number }>();
  for (const { resource, total, used } of nodes.flatMap(({ devices }) => devices)) {
    const known = sums.get(resource) ?? { resource, total: 0, used: 0 };
    sums.set(resource, { resource, total: known.total + total, used: known.used + used });
  }
  return [...sums.values()].sort((one, other) => one.resource.localeCompare(other.resource));
}
