import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';

/** serialization_failure, deadlock_detected: nothing was done, the same transaction may be tried again. */
const retryable = new Set(['40001', '40P01']);
/** Server starting or stopping, connection refused, reset or ended, too many connections, pool exhausted. */
const lost = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08006', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);
const attempts = 4;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Tries a transaction again after a serialization failure or deadlock, at most four times in all. */
export async function retryTransaction<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !retryable.has(codeOf(error))) throw error;
      await pause(10 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** @throws unavailable (503, retry in 2 s) when the connection to the server is what failed */
export async function unavailableWhenLost<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (lost.has(codeOf(error)) || isConnectionText(error)) {
      throw new Problem('unavailable', { detail: 'The database does not answer right now.', retryAfterSeconds: 2, cause: error });
    }
    throw error;
  }
}

/** Failures of the driver itself carry no code. */
function isConnectionText(error: unknown): boolean {
  return error instanceof Error && /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(error.message);
}
