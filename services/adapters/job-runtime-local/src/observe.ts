import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobEnd, JobObservation } from '@stratalab/kernel';
import { readWritten } from './files.ts';
import { isRunning, type RunnerIdentity } from './runner-identity.ts';

interface Result {
  readonly end: JobEnd;
  readonly exitCode?: number;
  readonly failedRank?: number | null;
  readonly message?: string | null;
  readonly startedAt?: string | null;
  readonly endedAt: string;
}

const supervisionMustAppearMs = 15_000;

/** What the files of an attempt and the process they name say about it. */
export async function observeAttempt(folder: string): Promise<JobObservation> {
  const known = await ended(folder);
  if (known !== undefined) return known;
  const runner = await readWritten<RunnerIdentity>(join(folder, 'runner.json'));
  if (runner === undefined) {
    const requested = await stat(join(folder, 'request.json')).catch(() => undefined);
    // A supervision that does not appear was never started (this process died in between); starting again is safe.
    return requested === undefined || Date.now() - requested.mtimeMs > supervisionMustAppearMs ? { phase: 'absent' } : { phase: 'starting' };
  }
  const started = await readWritten<{ readonly startedAt: string }>(join(folder, 'started.json'));
  if (await isRunning(runner)) return started === undefined ? { phase: 'starting' } : { phase: 'running', startedAt: started.startedAt };
  // It may have ended between the two looks.
  return (await ended(folder)) ?? { phase: 'ended', end: 'lost', message: 'The process that watched over it ended.', ...(started === undefined ? {} : started) };
}

async function ended(folder: string): Promise<JobObservation | undefined> {
  const result = await readWritten<Result>(join(folder, 'result.json'));
  if (result === undefined) return undefined;
  return {
    phase: 'ended',
    end: result.end,
    endedAt: result.endedAt,
    ...(typeof result.exitCode === 'number' ? { exitCode: result.exitCode } : {}),
    ...(typeof result.failedRank === 'number' ? { failedRank: result.failedRank } : {}),
    ...(typeof result.message === 'string' ? { message: result.message } : {}),
    ...(typeof result.startedAt === 'string' ? { startedAt: result.startedAt } : {})
  };
}
