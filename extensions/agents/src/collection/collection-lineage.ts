import type { TranslationBundle } from '@jupyterlab/translation';
import type { LineageGraph } from '@stratalab/contracts/catalog';
import type { Lineage, LineageItem } from '@stratalab/lab-kit';

/** Neighbours for the strip. Documents and answers have ids for names, so they are named by what they are and counted. */
export function lineageOf(graph: LineageGraph, texts: TranslationBundle): Lineage {
  const side = (wanted: 'up' | 'down'): LineageItem[] => {
    const counts = new Map<string, number>();
    return graph.nodes
      .filter(node => node.side === wanted)
      .map(node => {
        const count = (counts.get(node.kind) ?? 0) + 1;
        counts.set(node.kind, count);
        const named: Readonly<Record<string, string>> = { document: texts.__('Document %1', count), answer: texts.__('Answer %1', count) };
        return { urn: node.urn, label: named[node.kind] ?? node.name, caption: node.kind };
      });
  };
  return { madeFrom: side('up'), usedBy: side('down') };
}
