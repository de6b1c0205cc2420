import type { TranslationBundle } from '@jupyterlab/translation';
import { parseUrn } from '@stratalab/contracts';
import { catalogRoutes, type LineageNode } from '@stratalab/contracts/catalog';
import type { IStratalab, Lineage, LineageItem } from '@stratalab/lab-kit';

/** What the endpoint was made from (model, run, job, dataset) and who uses it, nearest first. */
export async function loadLineage(
  stratalab: IStratalab,
  request: { readonly urn: string; readonly tenant: string; readonly signal: AbortSignal; readonly texts: TranslationBundle }
): Promise<Lineage> {
  const { urn, tenant, signal, texts } = request;
  const graph = await stratalab.clientFor(catalogRoutes).getLineage({ params: { tenant }, query: { urn, depth: 3 } }, { signal });
  // The deployment of an endpoint has the endpoint's own page.
  const own = parseUrn(urn)?.name;
  const others = graph.nodes.filter(node => !((node.kind === 'deployment' || node.kind === 'endpoint') && node.name === own)).sort((a, b) => a.depth - b.depth);
  const itemOf = (node: LineageNode): LineageItem => ({
    urn: node.urn,
    label: node.version === null ? node.name : texts.__('%1, version %2', node.name, node.version),
    caption: node.kind
  });
  return { madeFrom: others.filter(node => node.side === 'up').map(itemOf), usedBy: others.filter(node => node.side === 'down').map(itemOf) };
}
