import type { RunResult, TenantResult, WaitingTimes } from './statistics.ts';

/** The table of all runs, side by side: one block per tenant, one column per run, and what holds for the whole. */
export function reportOf(runs: readonly RunResult[]): string {
  const [base] = runs;
  if (base === undefined) return 'Nothing was simulated.';
  const header = ['', ...runs.map(({ name }) => name)];
  const rows: (readonly string[])[] = [];
  const row = (title: string, cell: (run: RunResult) => string): void => void rows.push([title, ...runs.map(cell)]);
  for (const { tenant, priorities } of base.tenants) {
    const of = (run: RunResult, text: (result: TenantResult) => string): string => {
      const found = run.tenants.find(result => result.tenant === tenant);
      return found === undefined ? '' : text(found);
    };
    rows.push([tenant]);
    row('  jobs done / failed / unfinished', run => of(run, ({ succeeded, failed, unfinished }) => `${succeeded} / ${failed} / ${unfinished}`));
    row('  waited p50 / p95 / max', run => of(run, ({ waiting }) => waitWords(waiting)));
    for (const { priority } of priorities.length > 1 ? priorities : [])
      row(`    priority ${priority}`, run =>
        of(run, result => {
          const same = result.priorities.find(found => found.priority === priority);
          return same === undefined ? '' : waitWords(same.waiting);
        })
      );
    row('  held CPU / GPU', run => of(run, ({ cpuShare, gpuShare }) => `${percent(cpuShare)} / ${run.gpuUtilisation === undefined ? '–' : percent(gpuShare)}`));
    row(`  held of entitled ${base.scarce.toUpperCase()}`, run => of(run, ({ heldShare, entitledShare }) => `${percent(heldShare)} of ${percent(entitledShare)}`));
    row('  preempted / interrupted', run => of(run, ({ preempted, interrupted }) => `${preempted} / ${interrupted}`));
  }
  rows.push(['all']);
  row('  CPU in use', run => percent(run.cpuUtilisation));
  row('  GPU in use', run => (run.gpuUtilisation === undefined ? '–' : percent(run.gpuUtilisation)));
  row('  fairness (Jain)', run => run.fairness.toFixed(3));
  row('  last job ended after', run => duration(run.finishedAfterSeconds));
  return table([header, ...rows]);
}

function waitWords({ p50Seconds, p95Seconds, maxSeconds }: WaitingTimes): string {
  return [p50Seconds, p95Seconds, maxSeconds].map(duration).join(' / ');
}

/** `45 s`, `12 min`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map(row => row.length));
  const widths = Array.from({ length: columns }, (_unused, column) => Math.max(...rows.map(row => (row.length > 1 ? (row[column]?.length ?? 0) : 0))));
  return rows
    .map(row =>
      row
        .map((cell, column) => (row.length > 1 ? cell.padEnd(widths[column] ?? 0) : cell))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}
