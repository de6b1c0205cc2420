import { Problem } from '@stratalab/contracts';

/**
 * Whether a program that was tried with a time limit ended well.
 * @param trial runs it, and rejects as `execFile` does
 * @throws unavailable when it was ended by the limit: a slow answer is no answer, and a no would mean less protection from then on
 */
export async function endsWell(what: string, trial: () => Promise<unknown>): Promise<boolean> {
  try {
    await trial();
    return true;
  } catch (error) {
    if (wasStopped(error)) throw new Problem('unavailable', { detail: `This machine is too busy to try ${what}.`, retryAfterSeconds: 10, cause: error });
    return false;
  }
}

/** Asks on the first call and keeps the answer. A failure is told and not kept: the next call asks again. */
export function askedOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    const mine = (kept ??= ask());
    return mine.catch((error: unknown) => {
      if (kept === mine) kept = undefined;
      throw error;
    });
  };
}

function wasStopped(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'killed' in error && error.killed === true;
}
