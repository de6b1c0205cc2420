import { watch } from '@stratalab/client';
import type { EventRecord } from '@stratalab/contracts';
import { Token } from '@lumino/coreutils';
import type { IStratalab } from './platform';

export type StreamState = 'idle' | 'open' | 'retrying' | 'refused';

/** Facts of the chosen tenant as they happen: one stream per tab, whatever the number of panels. */
export interface IStratalabEvents {
  /**
   * Calls back for every event whose name starts with one of `prefixes` until the returned function is called.
   * The stream opens with the first listener and closes with the last.
   */
  listen(prefixes: readonly string[], callback: (event: EventRecord) => void): () => void;
  readonly state: StreamState;
}

export const IStratalabEvents = new Token<IStratalabEvents>('@stratalab/lab-kit:IStratalabEvents', 'Live events of the chosen Stratalab tenant.');

interface Listener {
  readonly prefixes: readonly string[];
  readonly callback: (event: EventRecord) => void;
}

/** Shares one event stream between all panels of the page; resumes where it stopped after a lost connection. */
export function createEvents(stratalab: IStratalab): IStratalabEvents {
  const listeners = new Set<Listener>();
  let running: AbortController | undefined;
  let state: StreamState = 'idle';

  const run = async (signal: AbortSignal): Promise<void> => {
    try {
      const tenant = await stratalab.tenant();
      await watch({
        url: `${stratalab.url}/api/events/v1/tenants/${encodeURIComponent(tenant)}/stream`,
        headers: () => stratalab.authorization(),
        signal,
        onState: next => {
          state = next;
        },
        onEvent: ({ data }) => deliver(listeners, JSON.parse(data) as EventRecord)
      });
    } catch {
      state = 'refused';
    }
  };
  const restart = (): void => {
    running?.abort();
    running = undefined;
    state = 'idle';
    if (listeners.size === 0) return;
    running = new AbortController();
    void run(running.signal);
  };
  stratalab.tenantChanged.connect(restart);

  return {
    get state() {
      return state;
    },
    listen(prefixes, callback) {
      const listener = { prefixes, callback };
      listeners.add(listener);
      if (running === undefined) restart();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) restart();
      };
    }
  };
}

function deliver(listeners: ReadonlySet<Listener>, event: EventRecord): void {
  for (const { prefixes, callback } of [...listeners]) {
    if (prefixes.some(prefix => event.name.startsWith(prefix))) callback(event);
  }
}
