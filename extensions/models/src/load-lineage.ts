import type { TranslationBundle } from '@jupyterlab/translation';
import { catalogRoutes, type LineageNode } from '@stratalab/contracts/catalog';
import type { IStratalab, Lineage } from '@stratalab/lab-kit';

/** What an object was made from and who uses it, nearest first. */
export async function loadLineage(
  stratalab: IStratalab,
  request: { readonly urn: string; readonly tenant: string; readonly signal: AbortSignal; readonly texts: TranslationBundle }
): Promise<Lineage> {
  const { urn, tenant, signal, texts } = request;
  const graph = await stratalab.clientFor(catalogRoutes).getLineage({ params: { tenant }, query: { urn, depth: 3 } }, { signal });
  const nodes = [...graph.nodes].sort((one, other) => one.depth - other.depth);
  const side = (wanted: 'up' | 'down') => nodes.filter(node => node.side === wanted).map(node => ({ urn: node.urn, label: labelOf(node, texts), caption: node.kind }));
  return { madeFrom: side('up'), usedBy: side('down') };
}

const shownId = 6;

/** Runs and jobs are named by ids, of which the last letters are enough to tell them apart. */
function labelOf(node: LineageNode, texts: TranslationBundle): string {
  if (node.kind === 'run') return texts.__('Run %1', node.name.slice(-shownId));
  if (node.kind === 'job') return texts.__('Job %1', node.name.slice(-shownId));
  return node.version === null ? node.name : texts.__('%1, version %2', node.name, node.version);
}
