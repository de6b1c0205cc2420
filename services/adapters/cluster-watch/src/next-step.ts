/** How a list or a watch ended. */
export type Outcome =
  /** A complete list at a version; `isSuspicious`: it lacks so much that a second one has to agree. */
  | { readonly type: 'listed'; readonly version: string; readonly isSuspicious: boolean }
  /** The watch was closed by the server or fell silent after `livedMs`; `version`: the last it told. */
  | { readonly type: 'watched'; readonly version: string; readonly livedMs: number; readonly isSilent: boolean }
  /** The version is too old for a watch, or became so after `livedMs`: only a list helps. */
  | { readonly type: 'expired'; readonly livedMs: number }
  | { readonly type: 'failed'; readonly retryAfterMs?: number };

export interface Step {
  readonly action: 'list' | 'watch';
  readonly version: string;
  readonly pauseMs: number;
  /** Failures in a row, forgotten when a watch lived: lists that succeed prove nothing while every watch is refused. */
  readonly failures: number;
  /** Refusals as too old in a row, since a watch lived. */
  readonly expiries: number;
}

export const firstStep: Step = { action: 'list', version: '', pauseMs: 0, failures: 0, expiries: 0 };

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** A server that closes every watch at once is asked about once a second, not as fast as it can refuse. */
const shortLifeMs = 5_000;
const pauseAfterShortLifeMs = 1_000;
const confirmationPauseMs = 1_000;

/** Full jitter: anywhere up to a bound that doubles with every failure to 30 s, so that many watchers never return together. */
export function backOffMs(failures: number, random: number): number {
  return Math.round(Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 16)) * random);
}

/** What follows: the whole decision of a watcher, as a function of what it saw. @param random in [0, 1) */
export function nextStep(step: Step, outcome: Outcome, random: number): Step {
  switch (outcome.type) {
    case 'listed':
      if (outcome.isSuspicious) return { ...step, action: 'list', version: '', pauseMs: confirmationPauseMs };
      return { ...step, action: 'watch', version: outcome.version, pauseMs: 0 };
    case 'watched': {
      const isShort = outcome.livedMs < shortLifeMs && !outcome.isSilent;
      return { action: 'watch', version: outcome.version, failures: 0, expiries: 0, pauseMs: isShort ? Math.round(pauseAfterShortLifeMs * random) : 0 };
    }
    case 'expired': {
      // The first time at once, as after a long absence; a server that says so to every version it gave is not asked faster than a failing one.
      const before = outcome.livedMs < shortLifeMs ? step.expiries : 0;
      return { action: 'list', version: '', failures: 0, expiries: before + 1, pauseMs: before === 0 ? 0 : backOffMs(before, random) };
    }
    case 'failed': {
      const pauseMs = Math.max(backOffMs(step.failures, random), (outcome.retryAfterMs ?? 0) * (1 + 0.1 * random));
      return { ...step, failures: step.failures + 1, pauseMs: Math.round(pauseMs) };
    }
    default:
      return outcome satisfies never;
  }
}
