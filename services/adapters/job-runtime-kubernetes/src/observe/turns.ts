export interface TurnLimits {
  /** How much of the time may go into it, over a longer time. */
  readonly share: number;
  /** Milliseconds it may take at once after a quiet time. */
  readonly burstMs: number;
  /** Milliseconds of some clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * Bounds the time spent on something, however many want it done and however long it takes (a token bucket of milliseconds): does it when it is somebody's turn,
 * answers undefined when it is not.
 */
export function createTurns({ share, burstMs, now = () => performance.now() }: TurnLimits): <T>(work: () => Promise<T>) => Promise<T> | undefined {
  let leftMs = burstMs;
  let countedAt = now();
  return work => {
    const startedAt = now();
    leftMs = Math.min(burstMs, leftMs + (startedAt - countedAt) * share);
    countedAt = startedAt;
    if (leftMs <= 0) return undefined;
    return work().finally(() => (leftMs -= now() - startedAt));
  };
}
