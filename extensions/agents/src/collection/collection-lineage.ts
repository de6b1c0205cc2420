import type { TranslationBundle } from '@jupyterlab/translation';
import type { Document } from '@stratalab/contracts/agents';
import type { LineageGraph } from '@stratalab/contracts/catalog';
import type { Lineage, LineageItem } from '@stratalab/lab-kit';

/** Neighbours for the strip. Ids are no names: documents have those of their files, answers are counted. */
export function lineageOf(graph: LineageGraph, documents: readonly Pick<Document, 'urn' | 'name'>[], texts: TranslationBundle): Lineage {
  const names = new Map(documents.map(document => [document.urn, document.name]));
  const side = (wanted: 'up' | 'down'): LineageItem[] => {
    const counts = new Map<string, number>();
    return graph.nodes
      .filter(node => node.side === wanted)
      .map(node => {
        const count = (counts.get(node.kind) ?? 0) + 1;
        counts.set(node.kind, count);
        const counted: Readonly<Record<string, string>> = { document: texts.__('Document %1', count), answer: texts.__('Answer %1', count) };
        return { urn: node.urn, label: names.get(node.urn) ?? counted[node.kind] ?? node.name, caption: node.kind };
      });
  };
  return { madeFrom: side('up'), usedBy: side('down') };
}
