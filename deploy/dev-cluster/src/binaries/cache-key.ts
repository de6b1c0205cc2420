import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Component } from '../components.ts';

/** Folder made by the build itself; its content follows from the other inputs. */
const generated = 'apis-local';

/** A digest of everything that decides what a build makes: go.mod, go.sum, own sources, link flags, Go itself. */
export async function cacheKey(component: Component, folder: string, goVersion: string): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([component.package, component.ldflags, goVersion, process.platform, process.arch]));
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !path.slice(folder.length).split('/').includes(generated))
    .sort();
  for (const path of files) hash.update(`${path.slice(folder.length)}\n`).update(await readFile(path));
  return hash.digest('hex');
}
