import type { Client } from '@stratalab/client';
import { parseUrn } from '@stratalab/contracts';
import type { catalogRoutes, LineageGraph } from '@stratalab/contracts/catalog';
import type { Lineage, LineageItem } from '@stratalab/lab-kit';

/** The neighbours of an object, for the lineage strip. */
export async function loadLineage(
  catalog: Client<typeof catalogRoutes>,
  request: { readonly urn: string; readonly tenant: string; readonly signal: AbortSignal }
): Promise<Lineage> {
  const { urn, tenant, signal } = request;
  return neighboursOf(await catalog.getLineage({ params: { tenant }, query: { urn, direction: 'both', depth: 1 } }, { signal }));
}

/** Both sides of a graph of one hop. */
export function neighboursOf(graph: LineageGraph): Lineage {
  const side = (wanted: 'up' | 'down'): LineageItem[] => graph.nodes.filter(node => node.side === wanted).map(node => itemOf(node.urn));
  return { madeFrom: side('up'), usedBy: side('down') };
}

function itemOf(urn: string): LineageItem {
  const parsed = parseUrn(urn);
  if (parsed === undefined) return { urn, label: urn };
  const version = parsed.version === undefined ? '' : ` @${parsed.version}`;
  return { urn, label: `${parsed.name}${version}`, caption: `${parsed.kind} ${parsed.name}${version}` };
}
