import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { configurationPage } from './reference/configuration.ts';
import { apiPage, permissionsPage, problemsPage } from './reference/contracts.ts';
import { eventsPage } from './reference/events.ts';
import { measurementsPage } from './reference/measurements.ts';

/** Writes docs/reference from the objects the product runs on; with `--check` only says whether it is up to date. */
const folder = new URL('../../../docs/reference/', import.meta.url);
const pages = {
  configuration: configurationPage(),
  permissions: permissionsPage(),
  problems: problemsPage(),
  events: eventsPage(),
  api: apiPage(),
  measurements: measurementsPage()
};
const isCheck = process.argv.includes('--check');

mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(pages)) {
  const target = new URL(`${name}.md`, folder);
  if (!isCheck) writeFileSync(target, text);
  else if (read(target) !== text) {
    process.exitCode = 1;
    process.stderr.write(`docs/reference/${name}.md is not up to date: run npm run docs\n`);
  }
}

function read(target: URL): string {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return '';
  }
}
