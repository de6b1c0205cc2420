import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartFolder } from './helm.ts';
import { rightsTemplate } from './rights-template.ts';
import { chartReadme } from './values-reference.ts';

/** Files of the chart that follow from others, with what they should hold. */
export async function generatedFiles(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const read = (name: string): Promise<string> => readFile(join(chartFolder, name), 'utf8');
  const { version }: { readonly version: string } = parse(await read('Chart.yaml'));
  return [
    { path: join(chartFolder, 'README.md'), text: chartReadme(await read('values.yaml'), version) },
    { path: join(chartFolder, 'templates/rights.yaml'), text: rightsTemplate() }
  ];
}
