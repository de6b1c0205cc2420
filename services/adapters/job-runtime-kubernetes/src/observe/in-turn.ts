const mostKnown = 20_000;

export interface TurnLimits {
  /** Questions a second, over a longer time. */
  readonly perSecond: number;
  /** Questions at once after a quiet time. */
  readonly burst: number;
  /** Milliseconds of some clock that only goes forward. */
  readonly now?: () => number;
}

export interface InTurn<T> {
  /** The answer for one key: asked when it is its turn, else what was answered last, if anything. */
  ask(key: string, question: () => Promise<T | undefined>): Promise<T | undefined>;
  /** What was answered does not hold any more. */
  forget(key: string): void;
}

/** Bounds how often something is asked, however many want to know: with thousands that wait, asking for each of them would be most of the load. */
export function inTurn<T>({ perSecond, burst, now = () => performance.now() }: TurnLimits): InTurn<T> {
  const known = new Map<string, T>();
  let left = burst;
  let countedAt = now();
  const takesTurn = (): boolean => {
    const at = now();
    left = Math.min(burst, left + ((at - countedAt) / 1000) * perSecond);
    countedAt = at;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
  const forget = (key: string): void => void known.delete(key);
  return {
    forget,
    async ask(key, question) {
      if (!takesTurn()) return known.get(key);
      const answer = await question();
      forget(key);
      if (answer === undefined) return undefined;
      known.set(key, answer);
      // The one that was answered the longest ago.
      const [oldest] = known.keys();
      if (known.size > mostKnown && oldest !== undefined) forget(oldest);
      return answer;
    }
  };
}
