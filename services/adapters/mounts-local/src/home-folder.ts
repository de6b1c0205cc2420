import { lstat, mkdir, open, opendir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { StoredFile } from '@stratalab/kernel';
import { codeOf, notPlain, openFolder, openRegularFile, type FolderHandle } from './folder-handle.ts';

const highestFiles = 1_000;
const deepest = 8;

/** Called for each regular file below a path of a home; `path` is safe to open while the call lasts. */
type Visit = (file: { readonly name: string; readonly path: string }) => Promise<void>;

/** The segments of a path below a home. @throws invalid-request for absolute paths and `..` */
export function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^~\//, '').replace(/\/+$/, '');
  const parts = trimmed.split('/').filter(part => part !== '.');
  const isInside = !trimmed.startsWith('/') && parts.length > 0 && parts.every(part => part !== '' && part !== '..' && !part.includes('\u0000'));
  if (!isInside) throw new Problem('invalid-request', { detail: 'The path must name a file or folder inside your home.', hint: 'For example: data/2024' });
  return parts;
}

/**
 * Visits the regular files at a path of a home, or below it; every step is taken from an open folder and follows no link.
 * Hidden files and folders are left out.
 * @throws not-found, invalid-request, invalid-input
 */
export async function visitHome(home: string, path: string, visit: Visit): Promise<void> {
  const parts = segmentsOf(path);
  let folder = await openFolder(home, '~');
  try {
    for (const part of parts.slice(0, -1)) {
      const next = await openFolder(folder.child(part), path);
      await folder.close();
      folder = next;
    }
    const last = parts.at(-1) ?? '';
    const facts = await lstat(folder.child(last)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      throw new Problem('not-found', { detail: `There is no ‘${path}’ in your workspace.`, hint: 'Give the path relative to your home folder.' });
    });
    if (facts.isFile()) return await visit({ name: last, path: folder.child(last) });
    if (!facts.isDirectory()) throw notPlain(path);
    const root = await openFolder(folder.child(last), path);
    try {
      await visitFolder(root, { prefix: '', depth: 0, count: { files: 0 } }, visit);
    } finally {
      await root.close();
    }
  } finally {
    await folder.close();
  }
}

interface Position {
  readonly prefix: string;
  readonly depth: number;
  readonly count: { files: number };
}

async function visitFolder(folder: FolderHandle, at: Position, visit: Visit): Promise<void> {
  if (at.depth > deepest) throw new Problem('invalid-input', { detail: `‘${at.prefix}’ is nested more than ${deepest} levels deep.` });
  for await (const entry of await opendir(folder.self)) {
    if (entry.name.startsWith('.')) continue;
    const name = `${at.prefix}${entry.name}`;
    if (entry.isDirectory()) {
      const child = await openFolder(folder.child(entry.name), name);
      try {
        await visitFolder(child, { ...at, prefix: `${name}/`, depth: at.depth + 1 }, visit);
      } finally {
        await child.close();
      }
      continue;
    }
    if (!entry.isFile()) throw notPlain(name);
    at.count.files += 1;
    if (at.count.files > highestFiles) throw new Problem('invalid-input', { detail: `A dataset version can have at most ${highestFiles} files.`, hint: 'Merge the files first.' });
    await visit({ name, path: folder.child(entry.name) });
  }
}

/** Regular files at a path of a home, by name. */
export async function inspectHome(home: string, path: string): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = [];
  await visitHome(home, path, async ({ name, path: filePath }) => {
    const { file, sizeBytes } = await openRegularFile(filePath, name);
    await file.close();
    files.push({ name, sizeBytes });
  });
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Copies the files of a path of a home into a folder of the platform. @throws invalid-input when they grew beyond `limitBytes` */
export async function copyFromHome(home: string, path: string, target: { readonly folder: string; readonly limitBytes: number; readonly signal: AbortSignal }): Promise<void> {
  let left = target.limitBytes;
  await visitHome(home, path, async ({ name, path: filePath }) => {
    const { file } = await openRegularFile(filePath, name);
    const copyPath = join(target.folder, ...name.split('/'));
    await mkdir(dirname(copyPath), { recursive: true, mode: 0o700 });
    const copy = await open(copyPath, 'w', 0o600);
    try {
      for await (const chunk of file.createReadStream({ autoClose: false })) {
        target.signal.throwIfAborted();
        const bytes = unsafeBytes(chunk);
        left -= bytes.length;
        if (left < 0)
          throw new Problem('invalid-input', { detail: 'The files grew while they were read.', hint: 'Wait until nothing writes to them, then register the folder again.' });
        await copy.writeFile(bytes);
      }
    } finally {
      await copy.close();
      await file.close();
    }
  });
}

/** A stream without an encoding gives bytes. */
function unsafeBytes(chunk: unknown): Uint8Array {
  return chunk as Uint8Array;
}
