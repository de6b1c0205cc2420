import { plainLaunchers, type JobAttempt, type JobRuntime } from '../ports/job-runtime.ts';

/**
 * One runtime out of two: `special` starts what it offers a tenant, `main` everything else. Which of them has an attempt is found by asking, so it is known after
 * a restart too. Logs and outputs must lie in the same place for both.
 */
export function joinRuntimes(main: JobRuntime, special: JobRuntime): JobRuntime {
  const offers = async (tenant: string) => (await special.launchers?.(tenant)) ?? [];
  const holderOf = async (attempt: JobAttempt): Promise<JobRuntime> => ((await main.observe(attempt)).phase === 'absent' ? special : main);
  const { waitingReason, smallerAsk } = main;
  return {
    ...main,
    async launchers(tenant) {
      const others = await offers(tenant);
      return [...((await main.launchers?.(tenant)) ?? plainLaunchers).filter(name => !others.includes(name)), ...others];
    },
    start: async request => ((await offers(request.tenant)).includes(request.launcher) ? special : main).start(request),
    async observe(attempt) {
      const seen = await main.observe(attempt);
      return seen.phase === 'absent' ? special.observe(attempt) : seen;
    },
    cancel: async (attempt, options) => (await holderOf(attempt)).cancel(attempt, options),
    tidy: async attempt => (await holderOf(attempt)).tidy(attempt),
    // Both, always: attempts of a job that is gone cannot be asked how they were started.
    remove: async job => (await special.remove(job)) && main.remove(job),
    ...(waitingReason === undefined ? {} : { waitingReason: async (attempt, last) => (await waitingReason(attempt, last)) ?? special.waitingReason?.(attempt, last) }),
    ...(smallerAsk === undefined ? {} : { smallerAsk: async (attempt, ask) => ((await holderOf(attempt)) === main ? smallerAsk(attempt, ask) : undefined) })
  };
}
