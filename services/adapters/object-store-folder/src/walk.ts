import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { StoredFile } from '@stratalab/kernel';

export interface WalkedFile extends StoredFile {
  readonly linkCount: number;
}

export interface Walk {
  /** By name. */
  readonly files: readonly WalkedFile[];
  /** Every folder below the root, deepest first, then the root itself. */
  readonly folders: readonly string[];
}

const highestFiles = 20_000;
const deepest = 16;
const mostLooks = 20;

/**
 * Everything below a folder; follows no link. What changes while it is looked at is looked at again.
 * @throws invalid-input for links, sockets and devices, for more than 20,000 files and more than 16 levels
 */
export async function walk(root: string): Promise<Walk | undefined> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await look(root);
    } catch (error) {
      if (looks === mostLooks || !isCode(error, 'ENOENT')) throw error;
    }
  }
}

async function look(root: string): Promise<Walk | undefined> {
  const top = await lstat(root).catch(ignoreMissing);
  if (top === undefined) return undefined;
  if (!top.isDirectory()) throw refuse('is not a folder', root);
  const files: WalkedFile[] = [];
  const folders: string[] = [];
  const visit = async (folder: string, prefix: string, depth: number): Promise<void> => {
    if (depth > deepest) throw refuse('is nested too deeply', prefix);
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        await visit(path, `${name}/`, depth + 1);
        continue;
      }
      const facts = await lstat(path);
      if (!facts.isFile()) throw refuse('is a link or a special file', name);
      files.push({ name, sizeBytes: facts.size, linkCount: facts.nlink });
      if (files.length > highestFiles) throw refuse(`has more than ${highestFiles} files`, prefix === '' ? 'the folder' : prefix);
    }
    folders.push(folder);
  };
  await visit(root, '', 0);
  return { files: files.sort((one, other) => (one.name < other.name ? -1 : 1)), folders };
}

function refuse(why: string, name: string): Problem {
  return new Problem('invalid-input', { detail: `‘${name}’ ${why}; only plain files can be published.`, hint: 'Put the files themselves into the folder.' });
}

export function ignoreMissing(error: unknown): undefined {
  if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
  throw error;
}

export function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
