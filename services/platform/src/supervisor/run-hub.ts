import { join } from 'node:path';
import type { Environment } from '../config.ts';
import { spawnHub, stopHub, waitUntilReady } from './hub.ts';
import type { Layout } from './layout.ts';
import { stopLeftovers } from './leftovers.ts';

export interface RunHubOptions {
  readonly databaseUrl: string;
  readonly environment: Environment;
  /** Asks for an orderly stop. */
  readonly stop: AbortSignal;
  /** Asks for an immediate one. */
  readonly force: AbortSignal;
  /** Called each time the whole platform answers. */
  readonly onReady: () => void;
  readonly say: (line: string) => void;
}

const longestSeries = 3;
const seriesMs = 10 * 60_000;

/**
 * Runs Hub, proxy and platform until `stop`. A Hub that dies is started again; workspaces live on and are found again.
 * @returns false when it died too often, `longestSeries` times within ten minutes
 * @throws unavailable when it does not come up
 */
export async function runHub(layout: Layout, options: RunHubOptions): Promise<boolean> {
  let deaths: readonly number[] = [];
  while (!options.stop.aborted) {
    const hub = spawnHub(layout, options.databaseUrl, options.environment);
    const ended = new Promise<void>(resolve => hub.once('exit', () => resolve()));
    try {
      await waitUntilReady(layout, hub, options.stop);
      if (options.stop.aborted) return true;
      options.onReady();
      await Promise.race([ended, aborted(options.stop)]);
    } finally {
      await stopHub(hub, options.force);
      await stopLeftovers(layout);
    }
    if (options.stop.aborted) return true;
    deaths = [...deaths.filter(time => Date.now() - time < seriesMs), Date.now()];
    const log = join(layout.logs, 'hub.log');
    if (deaths.length > longestSeries) {
      options.say(`The Hub keeps ending; see ${log}.`);
      return false;
    }
    options.say(`The Hub ended and is started again; see ${log}.`);
  }
  return true;
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
