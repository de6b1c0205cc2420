import { readFileSync } from 'node:fs';
import { page, table } from './markdown.ts';

interface Range {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  readonly baseline?: { readonly name: string; readonly mean: number };
  readonly ratio?: number;
  readonly limit?: number;
  readonly anchor?: string;
}

interface Part {
  readonly time: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryMiB: number };
  readonly sizes: Readonly<Record<string, number>>;
  readonly ranges: readonly Range[];
}

const titles: Readonly<Record<string, string>> = { admission: 'Jobs to the cluster', memory: 'What the watch needs' };

/** The newest ranges that `npm run bench:cluster -- --record` kept. */
export function measurementsPage(): string {
  const parts: Record<string, Part> = JSON.parse(readFileSync(new URL('../../../../deploy/dev-cluster/bench/ranges.json', import.meta.url), 'utf8'));
  return page(
    'Measured on a cluster',
    'What `npm run bench:cluster -- --record` found last: the whole platform, a real API server, Volcano and simulated nodes on one machine, beside a bare client that creates the same Volcano Jobs there. They share its cores, so ratios say more than rates; what others published was measured on other machines.',
    Object.entries(parts)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => partSection(titles[name] ?? name, part))
  );
}

function partSection(title: string, { time, machine, sizes, ranges }: Part): string {
  const rows = ranges.map(({ name, unit, mean, lowest, highest, baseline, ratio, limit, anchor }) => [
    name,
    `${mean} ${unit} (${lowest} – ${highest})`,
    baseline === undefined ? '' : `${baseline.mean} (${baseline.name})`,
    ratio?.toFixed(2) ?? '',
    limit === undefined ? '' : String(limit),
    anchor ?? ''
  ]);
  const asked = Object.entries(sizes).map(([name, size]) => `${size.toLocaleString('en')} ${name}`);
  return [
    `## ${title}`,
    `${asked.join(', ')}; ${machine.cores} cores (${machine.cpu}), ${Math.round(machine.memoryMiB / 1024)} GiB; ${time.slice(0, 10)}.`,
    table(['What', 'Mean (range)', 'Baseline', 'Ratio', 'Limit', 'Published'], rows)
  ].join('\n\n');
}
