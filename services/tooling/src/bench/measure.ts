/** One number of a benchmark; a file in `bench/` prints one per line as JSON and `npm run bench` makes the table. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work without us, measured in the same run on the same machine. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** Ours divided by the baseline. */
  readonly ratio?: number;
  /** What the number must not exceed (or, for a rate, fall below); the run fails when it does. */
  readonly limit?: number;
}

/** Hands one result to the runner. */
export function report(measured: Measured): void {
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param share 0.99 for the 99th percentile */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Measures both in turns (A-B-A-B…), so that a slow minute of the machine hits both, and reports the medians. */
export async function compare(options: {
  readonly name: string;
  readonly unit: string;
  readonly baselineName: string;
  readonly ours: () => Promise<number>;
  readonly baseline: () => Promise<number>;
  readonly rounds?: number;
  readonly limit?: number;
}): Promise<void> {
  const [ours, bare]: [number[], number[]] = [[], []];
  await options.ours();
  await options.baseline();
  for (let round = 0; round < (options.rounds ?? 5); round++) {
    ours.push(await options.ours());
    bare.push(await options.baseline());
  }
  const [value, baseline] = [median(ours), median(bare)];
  report({
    name: options.name,
    unit: options.unit,
    value,
    baseline: { name: options.baselineName, value: baseline },
    ratio: value / baseline,
    ...(options.limit === undefined ? {} : { limit: options.limit })
  });
}

/** CPU time of this process for one of `count` calls, in microseconds. */
export async function cpuMicrosPerCall(count: number, call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** Calls per second with `parallel` callers in flight. */
export async function callsPerSecond(count: number, parallel: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) await call(next++);
    })
  );
  return (count / (performance.now() - started)) * 1000;
}
