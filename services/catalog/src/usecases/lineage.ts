import { parseUrn, Problem } from '@stratalab/contracts';
import type { BlastRadius, LineageEdge, LineageGraph, LineageNode } from '@stratalab/contracts/catalog';
import type { Call, Tx } from '@stratalab/kernel';
import { startsOf, walkLineage, type Reached } from '../store/lineage-store.ts';

const blastDepth = 50;
const blastLimit = 1_000;
const blastItems = 50;

export interface LineageRequest {
  readonly urn: string;
  readonly direction: 'up' | 'down' | 'both';
  readonly depth: number;
  readonly limit: number;
}

/** The neighbourhood of an object; one that nothing is known of has only itself. @throws not-found for another tenant's object */
export async function getLineage(call: Call, request: LineageRequest): Promise<LineageGraph> {
  assertOwn(call.tenant, request.urn);
  return call.read(async tx => {
    const starts = await startsOf(tx, call.tenant, request.urn);
    const sides = request.direction === 'both' ? (['up', 'down'] as const) : [request.direction];
    const limit = Math.max(starts.length + 1, Math.ceil(request.limit / sides.length));
    const nodes = new Map<string, LineageNode>(starts.flatMap(urn => nodeOf(urn, { depth: 0, side: 'self', hasMore: false })).map(node => [node.urn, node]));
    const edges = new Map<string, LineageEdge>();
    let isTruncated = false;
    for (const direction of sides) {
      const reached = await walkLineage(tx, { tenant: call.tenant, starts, direction, depth: request.depth, limit });
      isTruncated ||= reached.isTruncated;
      for (const edge of reached.edges) edges.set(`${edge.from} ${edge.to}`, edge);
      for (const node of nodesOf(reached, direction)) if (!nodes.has(node.urn)) nodes.set(node.urn, node);
    }
    return { root: request.urn, nodes: [...nodes.values()], edges: [...edges.values()], isTruncated };
  });
}

/** Everything made from an object. @throws not-found for another tenant's object */
export async function getBlastRadius(call: Call, urn: string): Promise<BlastRadius> {
  assertOwn(call.tenant, urn);
  return call.read(tx => findBlastRadius(tx, call.tenant, urn));
}

export async function findBlastRadius(tx: Tx, tenant: string, urn: string): Promise<BlastRadius> {
  const starts = await startsOf(tx, tenant, urn);
  const reached = await walkLineage(tx, { tenant, starts, direction: 'down', depth: blastDepth, limit: blastLimit + starts.length });
  const nodes = nodesOf(reached, 'down').filter(node => node.depth > 0);
  const counts = new Map<LineageNode['kind'], number>();
  for (const { kind } of nodes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return {
    urn,
    total: nodes.length,
    byKind: [...counts].map(([kind, count]) => ({ kind, count })).sort((one, other) => other.count - one.count),
    items: nodes.slice(0, blastItems).map(node => ({ urn: node.urn, depth: node.depth }))
  };
}

function nodesOf(reached: Reached, side: 'up' | 'down'): LineageNode[] {
  return [...reached.depths].flatMap(([urn, depth]) => nodeOf(urn, { depth, side: depth === 0 ? 'self' : side, hasMore: reached.withMore.has(urn) }));
}

function nodeOf(urn: string, at: Pick<LineageNode, 'depth' | 'side' | 'hasMore'>): LineageNode[] {
  const parsed = parseUrn(urn);
  return parsed === undefined ? [] : [{ urn, kind: parsed.kind, name: parsed.name, version: parsed.version ?? null, ...at }];
}

function assertOwn(tenant: string, urn: string): void {
  if (parseUrn(urn)?.tenant !== tenant) throw new Problem('not-found', { detail: 'There is no such object here.' });
}
