import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Knows which requests are open, so that a process can end between requests instead of amid one. */
export interface Drain {
  /** Whether the end was asked for; a load balancer should send nobody any more. */
  readonly isDraining: boolean;
  /** Watches one more listener of the process. */
  watch(server: Server): void;
  /** Waits until nothing is open but event streams, which go on elsewhere from where they stopped; at most `seconds`. Safe to call again. */
  drain(seconds: number): Promise<void>;
}

const lookEveryMs = 50;

/** @param endless open event streams, which would never end by themselves */
export function createDrain(endless: () => Promise<number>): Drain {
  let isDraining = false;
  let open = 0;
  return {
    get isDraining() {
      return isDraining;
    },
    watch(server) {
      server.on('request', (_request, response) => {
        open += 1;
        response.once('close', () => (open -= 1));
      });
    },
    async drain(seconds) {
      isDraining = true;
      const deadline = performance.now() + seconds * 1000;
      while (performance.now() < deadline && open > (await endless())) await pause(lookEveryMs);
    }
  };
}
