import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, open, readdir, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PromotedFile, PromotedPiece, PromotionFolder } from '@stratalab/control';
import { Problem } from '@stratalab/contracts';

const tenantPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const sha256Pattern = /^[0-9a-f]{64}$/;
const longestName = 4_000;
const emptySha256 = createHash('sha256').digest('hex');
/** What a tenant's folder consists of. */
const firstFolders = new Set(['objects', 'jobs', 'staging']);

/**
 * What arrives lies in `promotions/<tenant>` of the data folder: `incoming/<sha256>` while it comes, `whole/<sha256>` once its bytes are what
 * the name says, `tree-<manifest>` where the tenant's folder is put together. The same file system as `tenants`, so the last step is one rename.
 */
export function createPromotionFolder(dataFolder: string): PromotionFolder {
  const paths = createPaths(dataFolder);
  return {
    tenantFolder: paths.tenant,
    hasFiles: tenant => isThere(paths.tenant(tenant)),
    async freeBytes() {
      const { bavail, bsize } = await statfs(dataFolder);
      return bavail * bsize;
    },
    async received(tenant, files) {
      return Promise.all(
        files.map(async sha256 => {
          const whole = await sizeOf(paths.whole(tenant, sha256));
          if (whole !== undefined) return { sha256, receivedBytes: whole, isWhole: true };
          return { sha256, receivedBytes: (await sizeOf(paths.incoming(tenant, sha256))) ?? 0, isWhole: false };
        })
      );
    },
    append: piece => append(paths, piece),
    async *lines(tenant, sha256) {
      const path = paths.whole(tenant, sha256);
      if ((await sizeOf(path)) === undefined) throw notArrived();
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) if (line !== '') yield line;
    },
    async assemble(tenant, manifest, entries) {
      const tree = paths.tree(tenant, manifest);
      // After a crash between the move of the folder and the end of the transaction everything is in place already.
      if (!(await isThere(tree)) && (await isThere(paths.tenant(tenant)))) return;
      await dropOtherTrees(paths.root(tenant), tree);
      await mkdir(tree, { recursive: true, mode: 0o700 });
      const sealed: string[] = [];
      for await (const entry of entries) {
        const target = join(tree, ...partsOf(entry.name));
        if (entry.kind === 'file') await place(paths, tenant, { file: entry, target });
        else await mkdir(target, { recursive: true, mode: 0o755 });
        if (entry.kind === 'folder' && entry.isSealed) sealed.push(target);
      }
      // Deepest first: nothing can be put into a sealed folder.
      for (const folder of sealed.sort((one, other) => other.length - one.length)) await chmod(folder, 0o555);
    },
    async install(tenant, manifest) {
      const tree = paths.tree(tenant, manifest);
      const target = paths.tenant(tenant);
      if (!(await isThere(tree))) {
        if (!(await isThere(target))) throw notArrived();
        return;
      }
      if (await isThere(target)) throw new Problem('conflict', { detail: `Files of a tenant '${tenant}' are here already.`, hint: 'Nothing was moved.' });
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(tree, target);
    },
    async withdraw(tenant) {
      if (!(await isThere(paths.tenant(tenant)))) return;
      await mkdir(paths.root(tenant), { recursive: true, mode: 0o700 });
      await rename(paths.tenant(tenant), join(paths.root(tenant), `tree-withdrawn-${randomUUID()}`));
    },
    async drop(tenant) {
      await unseal(paths.root(tenant));
      await rm(paths.root(tenant), { recursive: true, force: true });
    }
  };
}

interface Paths {
  root(tenant: string): string;
  tenant(tenant: string): string;
  tree(tenant: string, manifest: string): string;
  incoming(tenant: string, sha256: string): string;
  whole(tenant: string, sha256: string): string;
}

function createPaths(dataFolder: string): Paths {
  const checked = (pattern: RegExp, text: string): string => {
    if (!pattern.test(text)) throw new Problem('invalid-request', { detail: 'This is not the name of a tenant or file.' });
    return text;
  };
  const root = (tenant: string): string => join(dataFolder, 'promotions', checked(tenantPattern, tenant));
  return {
    root,
    tenant: tenant => join(dataFolder, 'tenants', checked(tenantPattern, tenant)),
    tree: (tenant, manifest) => join(root(tenant), `tree-${checked(sha256Pattern, manifest)}`),
    incoming: (tenant, sha256) => join(root(tenant), 'incoming', checked(sha256Pattern, sha256)),
    whole: (tenant, sha256) => join(root(tenant), 'whole', checked(sha256Pattern, sha256))
  };
}

/**
 * Two writers of one file would meet at its offset; the second is told where the first one is. A first one that was given up may go on
 * late, even when the file is whole: each writes to its own place, so it only repeats what is there.
 */
async function append(paths: Paths, piece: PromotedPiece): Promise<{ receivedBytes: number; isWhole: boolean }> {
  const { tenant, sha256, sizeBytes } = piece;
  const whole = paths.whole(tenant, sha256);
  const known = await sizeOf(whole);
  if (known !== undefined) return { receivedBytes: known, isWhole: true };
  const path = paths.incoming(tenant, sha256);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const receivedBytes = await pour(path, piece).catch(ignoreMissing);
  if (receivedBytes !== undefined && receivedBytes < sizeBytes) return { receivedBytes, isWhole: false };
  await seal(path, whole, sha256);
  return { receivedBytes: sizeBytes, isWhole: true };
}

/** Moves a file whose last byte is there to where whole files lie. What is missing here was moved by another request with the same bytes. */
async function seal(path: string, whole: string, sha256: string): Promise<void> {
  const digest = await digestOf(path).catch(ignoreMissing);
  if (digest !== undefined && digest !== sha256) {
    await rm(path, { force: true });
    throw new Problem('invalid-input', { detail: 'What arrived is not what its checksum says; it was dropped.', hint: 'Send the file again.' });
  }
  await mkdir(dirname(whole), { recursive: true, mode: 0o700 });
  if (digest !== undefined) await rename(path, whole).catch(ignoreMissing);
  if ((await sizeOf(whole)) === undefined) throw new Problem('conflict', { detail: 'What had arrived was dropped meanwhile.', hint: 'Send the file again.' });
}

async function pour(path: string, piece: PromotedPiece): Promise<number> {
  // Only a first piece makes the file: one that is gone by the second was moved or dropped by another request.
  const file = await open(path, constants.O_WRONLY | (piece.offset === 0 ? constants.O_CREAT : 0), 0o600);
  try {
    const { size } = await file.stat();
    if (size !== piece.offset)
      throw new Problem('conflict', { detail: `${size} bytes were received so far; this piece starts at ${piece.offset}.`, hint: 'Go on from what was received.' });
    let position = size;
    for await (const chunk of piece.body) {
      if (position + chunk.length - piece.offset > piece.limitBytes) throw new Problem('payload-too-large', { detail: `At most ${piece.limitBytes} bytes may come here.` });
      await writeAt(file, chunk, position);
      position += chunk.length;
    }
    await file.datasync();
    return position;
  } catch (error) {
    if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT'))
      throw new Problem('storage-full', { hint: 'Enlarge the data volume, then go on.', retryAfterSeconds: 30, cause: error });
    throw error;
  } finally {
    await file.close();
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/**
 * Puts a file to its place; names appear whole. The bytes that arrived are used once without a copy, then copied: two files never share them,
 * since one of them may be written to later.
 */
async function place(paths: Paths, tenant: string, { file, target }: { file: PromotedFile; target: string }): Promise<void> {
  if ((await sizeOf(target)) === file.sizeBytes) return;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const unfinished = join(paths.root(tenant), 'unfinished');
  await rm(unfinished, { force: true });
  if (file.sizeBytes === 0) {
    if (file.sha256 !== emptySha256) throw new Problem('invalid-input', { detail: 'An empty file has another checksum.' });
    await (await open(unfinished, 'w', 0o600)).close();
  } else {
    const whole = paths.whole(tenant, file.sha256);
    const facts = await lstat(whole).catch(ignoreMissing);
    if (facts?.size !== file.sizeBytes) throw notArrived();
    if (facts.nlink > 1 || !(await didLink(whole, unfinished))) await copyFile(whole, unfinished);
  }
  await chmod(unfinished, (file.mode & 0o755) | 0o400);
  await rename(unfinished, target);
}

/** `false` where the file system has no second names. */
async function didLink(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    () => false
  );
}

async function dropOtherTrees(root: string, tree: string): Promise<void> {
  for (const name of (await readdir(root).catch(ignoreMissing)) ?? []) {
    const path = join(root, name);
    if (!name.startsWith('tree-') || path === tree) continue;
    await unseal(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoreMissing)) !== undefined;
}

/** @throws invalid-input for a name that is not plainly inside the tenant's folder */
function partsOf(name: string): readonly string[] {
  const parts = name.split('/');
  const isPlain = name.length <= longestName && parts.every(part => part !== '' && part !== '.' && part !== '..' && part.length <= 255 && !hasControl(part));
  if (!isPlain || !firstFolders.has(parts[0] ?? ''))
    throw new Problem('invalid-input', { detail: 'The manifest names a file outside the folders of a tenant.', hint: 'Nothing was moved.' });
  return parts;
}

function hasControl(text: string): boolean {
  for (const character of text) if (character < ' ' || character === '\\') return true;
  return false;
}

async function unseal(folder: string): Promise<void> {
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? []) {
    if (!entry.isDirectory()) continue;
    await chmod(join(folder, entry.name), 0o700);
    await unseal(join(folder, entry.name));
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await new Promise<void>((resolve, reject) => {
    createReadStream(path)
      .on('data', chunk => void hash.update(chunk))
      .once('error', reject)
      .once('end', resolve);
  });
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await lstat(path).catch(ignoreMissing))?.size;
}

function notArrived(): Problem {
  return new Problem('invalid-state', { detail: 'Something that the manifest names has not arrived.', hint: 'Run the promotion again; it goes on where it stopped.' });
}

function ignoreMissing(error: unknown): undefined {
  if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
  throw error;
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
