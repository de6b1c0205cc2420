import type { RunState } from '@stratalab/contracts/models';
import { appendEvent, type Database, type Logger } from '@stratalab/kernel';
import { runUrn } from './usecases/lineage.ts';

export interface RunChange {
  readonly tenant: string;
  readonly runId: string;
  readonly experimentId: string;
  readonly state: RunState;
}

const pauseMs = 1_000;

/**
 * Tells screens that a run has new values, at most once a second per run: the first change at once, the last one of a burst at the end of the pause.
 * @returns the function to call after each write; it does not wait
 */
export function createRunAnnouncer(database: Database, logger: Logger, stop: AbortSignal): (change: RunChange) => void {
  const waiting = new Map<string, { timer: NodeJS.Timeout; last?: RunChange }>();
  const tell = (change: RunChange): void => {
    void database
      .inTenant({ tenant: change.tenant }, tx =>
        appendEvent(tx, {
          name: 'run.changed.v1',
          tenant: change.tenant,
          urn: runUrn(change.tenant, change.runId),
          data: { run: change.runId, experiment: change.experimentId, state: change.state }
        })
      )
      .catch((error: unknown) => logger.warn({ event: 'run.announce-failed', error }, 'a change of a run could not be announced'));
  };
  const announce = (change: RunChange): void => {
    const key = `${change.tenant}/${change.runId}`;
    const open = waiting.get(key);
    if (open !== undefined) {
      open.last = change;
      return;
    }
    if (stop.aborted) return;
    tell(change);
    const timer = setTimeout(() => {
      const { last } = waiting.get(key) ?? {};
      waiting.delete(key);
      if (last !== undefined) announce(last);
    }, pauseMs);
    timer.unref();
    waiting.set(key, { timer });
  };
  stop.addEventListener('abort', () => waiting.forEach(({ timer }) => clearTimeout(timer)), { once: true });
  return announce;
}
