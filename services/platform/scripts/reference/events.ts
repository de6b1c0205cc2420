import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventNames } from '@stratalab/contracts';
import { code, page, table } from './markdown.ts';

const services = ['control', 'catalog', 'compute', 'pipelines', 'models', 'serving', 'agents'] as const;

/** Every fact that leaves a service, who says it and who acts on it, read from the sources. */
export function eventsPage(): string {
  const sources = services.map(service => ({ service, text: sourceOf(service) }));
  const rows = eventNames.map(name => [
    code(name),
    sources
      .filter(({ text }) => saysIt(text, name))
      .map(({ service }) => service)
      .join(', '),
    sources
      .filter(({ text }) => hearsIt(text, name))
      .map(({ service }) => service)
      .join(', ')
  ]);
  return page(
    'Events',
    'Facts in one append-only log per installation. `GET /api/events/v1/tenants/{tenant}/stream` follows those of a tenant as server-sent events and resumes after `Last-Event-ID` without gap or duplicate. `data` holds ids and small values; a name is never changed, a new version gets a new name.',
    [table(['Event', 'Said by', 'Acted on by'], rows)]
  );
}

function sourceOf(service: string): string {
  const folder = fileURLToPath(new URL(`../../../${service}/src/`, import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !/\.test(-support)?\.ts$/.test(path))
    .sort()
    .map(path => readFileSync(`${folder}${path}`, 'utf8'))
    .join('\n');
}

const compared = /(?:===|case) '[^']*'/g;
const subscribed = /\bevents: \[([^\]]*)\]/g;

function hearsIt(text: string, name: string): boolean {
  return [...text.matchAll(subscribed)].some(([, list]) => list?.includes(`'${name}'`));
}

function saysIt(text: string, name: string): boolean {
  return text.replaceAll(subscribed, '').replaceAll(compared, '').includes(`'${name}'`);
}
