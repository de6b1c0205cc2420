import { readdir, readFile } from 'node:fs/promises';

export const sampleCollection = {
  name: 'handbook',
  description: 'A few documents about Stratalab and its four layers, in five formats and two languages. Ask it something.'
} as const;

const folder = new URL('../sample/', import.meta.url);

/** The documents that come with the product, by name. */
export async function readSampleDocuments(): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const names = (await readdir(folder)).filter(name => !name.startsWith('.')).sort();
  return Promise.all(names.map(async name => ({ name, bytes: new Uint8Array(await readFile(new URL(encodeURIComponent(name), folder))) })));
}
