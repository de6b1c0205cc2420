import { setTimeout as pause } from 'node:timers/promises';
import type { PostgresBinaries } from './locate.ts';
import { isPostgresRunning, startPostgres } from './server.ts';

export interface KeepRunningOptions {
  readonly signal: AbortSignal;
  readonly onRestart: (pid: number) => void;
  /** Called for each attempt that fails; the next one follows after a growing pause. */
  readonly onFailure: (error: unknown) => void;
}

const checkMs = 500;
const longestPauseMs = 10_000;

/** Starts the database of a data folder again whenever it dies, until `signal`; never throws. */
export async function keepPostgresRunning(binaries: PostgresBinaries, dataFolder: string, options: KeepRunningOptions): Promise<void> {
  let pauseMs = checkMs;
  for (;;) {
    const isOver = await pause(pauseMs, undefined, { signal: options.signal }).then(
      () => false,
      () => true
    );
    if (isOver) return;
    try {
      // Also one whose start seemed to fail: the next death is noticed as soon as any.
      if (!(await isPostgresRunning(dataFolder))) options.onRestart((await startPostgres(binaries, dataFolder)).pid);
      pauseMs = checkMs;
    } catch (error) {
      options.onFailure(error);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}
