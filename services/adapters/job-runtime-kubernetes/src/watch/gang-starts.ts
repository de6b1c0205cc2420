import { jobPaths, readGangFiles } from '@stratalab/job-runtime-local';
import type { JobAttempt } from '@stratalab/kernel';
import { attemptName } from '../manifests/names.ts';

const lookMs = 500;

/** What a watch does with the gangs it hears of. */
export interface GangStarts {
  /** Its Ray cluster is there: its processes run soon. */
  expect(attempt: JobAttempt): void;
  forget(attempt: JobAttempt): void;
}

/**
 * A gang on Ray says in a file that its processes run, some seconds after its RayJob does, and no object of the cluster changes then. Looks for that file of each gang
 * that is expected, and tells once. Ends with `signal`.
 */
export function createGangStarts(dataFolder: string, onStart: (attempt: JobAttempt) => void, signal: AbortSignal): GangStarts {
  const expected = new Map<string, JobAttempt>();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    for (const [name, attempt] of expected) {
      const isStarted = await hasStarted(dataFolder, attempt);
      if (signal.aborted) return;
      if (isStarted && expected.delete(name)) onStart(attempt);
    }
    timer = undefined;
    lookLater();
  };
  const lookLater = (): void => {
    if (expected.size > 0 && !signal.aborted) timer ??= setTimeout(() => void look(), lookMs);
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return {
    expect(attempt) {
      expected.set(attemptName(attempt), attempt);
      lookLater();
    },
    forget(attempt) {
      expected.delete(attemptName(attempt));
    }
  };
}

/** Names come from labels, which anybody may write: what is no job of ours has not started. */
async function hasStarted(dataFolder: string, attempt: JobAttempt): Promise<boolean> {
  try {
    const { startedAt, result } = await readGangFiles(jobPaths(dataFolder, attempt), attempt.attempt);
    return startedAt !== undefined || result !== undefined;
  } catch {
    return false;
  }
}
