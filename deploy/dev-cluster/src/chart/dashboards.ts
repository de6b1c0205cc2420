import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../dashboards/', import.meta.url));
const metricName = /\b(?:stratalab|http|process|nodejs)_[a-z0-9_]+\b/g;

/** Names of all metrics that the dashboards ask for, with the dashboards that do. */
export async function dashboardMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const used = new Map<string, string[]>();
  for (const name of (await readdir(folder)).filter(file => file.endsWith('.json'))) {
    const board: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    for (const query of queriesOf(board)) for (const [metric] of query.matchAll(metricName)) used.set(metric, [...(used.get(metric) ?? []), name]);
  }
  return used;
}

/** Every text under `expr` or `query`, wherever it is: panels, variables, annotations. */
function* queriesOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if ((key === 'expr' || key === 'query') && typeof inner === 'string') yield inner;
    else yield* queriesOf(inner);
  }
}

/** Names that can be asked for, from what a metrics listener says; a histogram also has its parts. */
export function exportedMetrics(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const parts = type === 'histogram' ? ['_bucket', '_count', '_sum'] : type === 'summary' ? ['', '_count', '_sum'] : [''];
    for (const part of parts) names.add(`${name}${part}`);
  }
  return names;
}
