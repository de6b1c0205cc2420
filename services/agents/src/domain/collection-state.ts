import type { CollectionState } from '@stratalab/contracts/agents';

/** The state of a collection, from those of its documents alone. */
export function collectionState(counts: { readonly documentCount: number; readonly readyDocumentCount: number; readonly failedDocumentCount: number }): CollectionState {
  if (counts.documentCount === 0) return 'empty';
  if (counts.readyDocumentCount + counts.failedDocumentCount < counts.documentCount) return 'building';
  return counts.readyDocumentCount === 0 ? 'failed' : 'ready';
}
