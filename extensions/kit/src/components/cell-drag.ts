import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';
import type * as React from 'react';

export interface DraggedCode {
  readonly code: string;
  /** What the pointer carries. */
  readonly label: string;
}

const cellsMime = 'application/vnd.jupyter.cells';
const startDistance = 5;

/** The data of a drag: a code cell for notebooks, plain text for editors. */
export function cellMimeData(code: string): MimeData {
  const data = new MimeData();
  data.setData(cellsMime, [{ cell_type: 'code', execution_count: null, metadata: { stratalab: { inserted: true } }, outputs: [], source: code }]);
  data.setData('text/plain', code);
  return data;
}

/**
 * Begins a drag into a notebook or an editor once the pointer has moved; a mere click stays a click.
 * Put it on `onPointerDown` of a row or handle.
 */
export function startCellDrag(event: React.PointerEvent, dragged: DraggedCode): void {
  if (event.button !== 0) return;
  const { clientX, clientY } = event;
  const abort = new AbortController();
  const { signal } = abort;
  document.addEventListener(
    'pointermove',
    moved => {
      if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < startDistance) return;
      abort.abort();
      const dragImage = document.createElement('div');
      dragImage.className = 'jp-Strata-dragImage';
      dragImage.textContent = dragged.label;
      const drag = new Drag({ mimeData: cellMimeData(dragged.code), dragImage, proposedAction: 'copy', supportedActions: 'copy' });
      void drag.start(moved.clientX, moved.clientY).then(() => drag.dispose());
    },
    { signal }
  );
  document.addEventListener('pointerup', () => abort.abort(), { signal });
}
