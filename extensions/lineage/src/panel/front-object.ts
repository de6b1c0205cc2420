import { parseUrn } from '@stratalab/contracts';
import type { Widget } from '@lumino/widgets';
import { Signal, type ISignal } from '@lumino/signaling';

const pagePrefix = 'stratalab-page-';

/** The object whose page is in front; the last one while something else (a notebook) is. */
export interface FrontObject {
  readonly urn: string | undefined;
  readonly changed: ISignal<FrontObject, string | undefined>;
  show(urn: string): void;
}

/** URN of the object a main area widget shows; `undefined` for everything that is not an object page. */
export function urnOfWidget(widget: Widget | null): string | undefined {
  if (widget === null || !widget.id.startsWith(pagePrefix)) return undefined;
  const text = widget.id.slice(pagePrefix.length);
  return parseUrn(text) === undefined ? undefined : text;
}

export function createFrontObject(): FrontObject {
  let current: string | undefined;
  const front: FrontObject = {
    get urn() {
      return current;
    },
    get changed() {
      return changed;
    },
    show(urn) {
      if (urn === current) return;
      current = urn;
      changed.emit(urn);
    }
  };
  const changed = new Signal<FrontObject, string | undefined>(front);
  return front;
}
