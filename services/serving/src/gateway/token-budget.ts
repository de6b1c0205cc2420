import { Problem } from '@stratalab/contracts';

/** Tokens set aside for one call; settled exactly once with what it really used. */
export interface TokenHold {
  readonly limit: number | null;
  /** Tokens that would be left if the call used all it may. */
  readonly remaining: number | null;
  settle(usedTokens: number): void;
}

export interface TokenBudget {
  /**
   * Sets aside the most a call can use, so that a day's quota is never exceeded, whatever runs at the same time.
   * @throws quota-exceeded with limit, used and requested
   */
  hold(tenant: string, highestTokens: number): Promise<TokenHold>;
  /** Forgets the limit of a tenant, after it was changed. */
  forget(tenant: string): void;
  /** Gives back what was lent to this process and not used. */
  close(): Promise<void>;
}

export interface TokenBudgetParts {
  /** Today's limit of a tenant; null when there is none. */
  readonly limitOf: (tenant: string) => Promise<number | null>;
  readonly take: (request: {
    readonly tenant: string;
    readonly day: string;
    readonly limit: number;
    readonly least: number;
    readonly wanted: number;
  }) => Promise<{ readonly granted: number; readonly taken: number }>;
  readonly giveBack: (request: { readonly tenant: string; readonly day: string; readonly count: number }) => Promise<void>;
  readonly now: () => Date;
}

interface Account {
  readonly day: string;
  limit: number | null;
  limitAt: number;
  /** Lent to this process and free. */
  free: number;
  /** Set aside by calls in flight. */
  held: number;
  /** Taken out of the quota by all processes, as last heard. */
  taken: number;
  /** One loan at a time. */
  busy: Promise<void>;
}

const limitFreshMs = 5_000;
/** A process borrows at most this share of the limit at once, so that several can work. */
const sliceShare = 0.05;
const largestSlice = 50_000;

/**
 * A day's token quota in slices: each gateway process takes one out of the database before spending it, then counts in memory. So the quota
 * holds exactly with any number of processes; what a killed process had borrowed is not available for the rest of the day.
 */
export function createTokenBudget(parts: TokenBudgetParts): TokenBudget {
  const accounts = new Map<string, Account>();

  const giveBack = async (tenant: string, account: Account): Promise<void> => {
    const count = account.free;
    account.free = 0;
    if (count > 0) await parts.giveBack({ tenant, day: account.day, count });
  };

  const accountOf = (tenant: string): Account => {
    const day = parts.now().toISOString().slice(0, 10);
    const known = accounts.get(tenant);
    if (known?.day === day) return known;
    const account: Account = { day, limit: null, limitAt: Number.NEGATIVE_INFINITY, free: 0, held: 0, taken: 0, busy: Promise.resolve() };
    accounts.set(tenant, account);
    return account;
  };

  const borrow = async (tenant: string, account: Account, missing: number): Promise<void> => {
    const limit = account.limit ?? 0;
    const wanted = Math.max(missing, Math.min(largestSlice, Math.floor(limit * sliceShare)));
    const { granted, taken } = await parts.take({ tenant, day: account.day, limit, least: missing, wanted });
    account.free += granted;
    account.taken = taken;
  };

  const hold = async (tenant: string, highestTokens: number): Promise<TokenHold> => {
    const account = accountOf(tenant);
    const turn = account.busy.then(async () => {
      const now = parts.now().getTime();
      if (now - account.limitAt > limitFreshMs) {
        account.limit = await parts.limitOf(tenant);
        account.limitAt = now;
      }
      if (account.limit === null) return;
      if (account.free < highestTokens) await borrow(tenant, account, highestTokens - account.free);
      if (account.free < highestTokens || account.taken > account.limit) throw exceeded(account, account.limit, highestTokens);
      account.free -= highestTokens;
      account.held += highestTokens;
    });
    account.busy = turn.catch(() => undefined);
    await turn;
    return holdOf(account, highestTokens);
  };

  return {
    hold,
    forget(tenant) {
      const account = accounts.get(tenant);
      if (account === undefined) return;
      account.limitAt = Number.NEGATIVE_INFINITY;
      account.busy = account.busy.then(() => giveBack(tenant, account)).catch(() => undefined);
    },
    async close() {
      await Promise.allSettled([...accounts].map(([tenant, account]) => account.busy.then(() => giveBack(tenant, account))));
      accounts.clear();
    }
  };
}

function holdOf(account: Account, highestTokens: number): TokenHold {
  const { limit } = account;
  let isSettled = false;
  return {
    limit,
    remaining: limit === null ? null : Math.max(0, limit - account.taken + account.free),
    settle(usedTokens) {
      if (isSettled || limit === null) return;
      isSettled = true;
      account.held -= highestTokens;
      account.free += Math.max(0, highestTokens - usedTokens);
    }
  };
}

function exceeded(account: Account, limit: number, requested: number): Problem {
  const used = account.taken - account.free;
  return new Problem('quota-exceeded', {
    resource: 'tokens-per-day',
    limit,
    used,
    requested,
    detail: `This call may use up to ${requested} tokens; ${used} of today's ${limit} are used or set aside for calls in flight.`,
    hint: limit - used > 0 ? `Ask for an answer of fewer tokens (max_tokens), or wait until midnight UTC.` : 'Wait until midnight UTC, or ask an administrator for a higher quota.'
  });
}
