import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Component } from '../components.ts';
import { runProgram } from '../run-program.ts';

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Whether a binary was built from the module that go.sum pins: Go writes module, version and checksum into what it links.
 * @param folder the component's folder below `tools/`
 */
export async function isGenuine(file: string, component: Component, folder: string): Promise<boolean> {
  if (component.proof === undefined) return true;
  const { path, version } = component.proof;
  const sums = await readFile(join(folder, 'go.sum'), 'utf8');
  const wanted = sums.split('\n').find(line => line.startsWith(`${path} ${version} h1:`));
  if (wanted === undefined) throw new Error(`go.sum in ${folder} has no line for ${path} ${version}.`);
  const said = await runProgram('go', ['version', '-m', file]);
  return said.split('\n').some(line => {
    const [kind, name, linked, sum] = line.trim().split('\t');
    return (kind === 'mod' || kind === 'dep') && `${name ?? ''} ${linked ?? ''} ${sum ?? ''}` === wanted;
  });
}
