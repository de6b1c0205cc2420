export interface CallUsage {
  readonly tenant: string;
  readonly endpoint: string;
  readonly subject: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface UsageSum extends CallUsage {
  readonly requests: number;
  readonly from: Date;
  readonly to: Date;
}

export interface UsageRecorder {
  /** Counts one call, whole or cut; exactly once per call. */
  add(usage: CallUsage): void;
  /** Writes what was counted since the last time; what could not be written is kept. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface UsageRecorderParts {
  /** Writes sums of one tenant in one transaction. */
  readonly write: (tenant: string, sums: readonly UsageSum[]) => Promise<void>;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

const flushMs = 1_000;

/** Sums calls in memory and writes them every second: a call costs no write of its own, a crash loses at most a second. */
export function createUsageRecorder(parts: UsageRecorderParts): UsageRecorder {
  let sums = new Map<string, UsageSum>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const merge = (sum: UsageSum): void => {
    const key = JSON.stringify([sum.tenant, sum.endpoint, sum.subject]);
    const known = sums.get(key);
    sums.set(
      key,
      known === undefined
        ? sum
        : {
            ...known,
            requests: known.requests + sum.requests,
            inputTokens: known.inputTokens + sum.inputTokens,
            outputTokens: known.outputTokens + sum.outputTokens,
            to: sum.to
          }
    );
  };

  const write = async (): Promise<void> => {
    const pending = sums;
    sums = new Map();
    for (const tenant of new Set([...pending.values()].map(sum => sum.tenant))) {
      const ofTenant = [...pending.values()].filter(sum => sum.tenant === tenant);
      try {
        await parts.write(tenant, ofTenant);
      } catch (error) {
        ofTenant.forEach(merge);
        parts.onError(error);
      }
    }
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };

  return {
    add(usage) {
      const now = parts.now();
      merge({ ...usage, requests: 1, from: now, to: now });
      if (timer === undefined) {
        timer = setTimeout(() => void flush(), flushMs);
        timer.unref();
      }
    },
    flush,
    close: flush
  };
}
