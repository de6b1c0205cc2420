export interface TurnLimits {
  /** Turns a second, over a longer time. */
  readonly perSecond: number;
  /** Turns at once after a quiet time. */
  readonly burst: number;
  /** Milliseconds of some clock that only goes forward. */
  readonly now?: () => number;
}

/** Bounds how often something is done, however many want it (a token bucket): answers whether it is somebody's turn now. */
export function createTurns({ perSecond, burst, now = () => performance.now() }: TurnLimits): () => boolean {
  let left = burst;
  let countedAt = now();
  return () => {
    const at = now();
    left = Math.min(burst, left + ((at - countedAt) / 1000) * perSecond);
    countedAt = at;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
