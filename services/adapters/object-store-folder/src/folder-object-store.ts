import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { ObjectStore, StoredFile } from '@stratalab/kernel';
import { createPaths, partsOf } from './paths.ts';
import { removeFolder } from './remove-folder.ts';
import { seal, syncFolder } from './seal.ts';
import { createPathQueue } from './path-queue.ts';
import { createAppend, lastChange, readSlice } from './staging.ts';
import { ignoreMissing, isCode, walk, type Walk } from './walk.ts';

/** Objects as plain folders: `tenants/<tenant>/objects/<key>`, staged in `tenants/<tenant>/staging/<id>` on the same file system. */
export function createFolderObjectStore(options: { readonly dataFolder: string }): ObjectStore {
  const paths = createPaths(options.dataFolder);
  const inTurn = createPathQueue();
  return {
    async stage({ tenant, stagingId }) {
      const folder = paths.staging(tenant, stagingId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    append: createAppend(paths),
    async listStaged({ tenant, stagingId }) {
      return filesOf(await walk(paths.staging(tenant, stagingId)));
    },
    readStaged: async ({ tenant, stagingId, name, offset, length }) => readSlice(join(paths.staging(tenant, stagingId), ...partsOf(name)), offset, length),
    moveStaged: async ({ tenant, stagingId, name, toStagingId, toName }) =>
      moveFile(join(paths.staging(tenant, stagingId), ...partsOf(name)), join(paths.staging(tenant, toStagingId), ...partsOf(toName))),
    dropStaged: async ({ tenant, stagingId }) => removeFolder(paths.staging(tenant, stagingId)),
    async stagedAt({ tenant, stagingId }) {
      const folder = paths.staging(tenant, stagingId);
      const walked = await walk(folder);
      return walked === undefined
        ? undefined
        : lastChange(
            folder,
            walked.files.map(({ name }) => name)
          );
    },
    async publish({ tenant, stagingId, key }) {
      const target = paths.object(tenant, key);
      const staged = paths.staging(tenant, stagingId);
      return inTurn(target, () => publish(staged, target));
    },
    list: async ({ tenant, key }) => filesOf(await walk(paths.object(tenant, key))),
    read: async ({ tenant, key, offset, length }) => readSlice(paths.object(tenant, key), offset, length),
    sha256: async ({ tenant, key }, signal) => digest(paths.object(tenant, key), signal),
    localPath: ({ tenant, key }) => paths.object(tenant, key),
    async materialize({ tenant, key }) {
      const path = paths.object(tenant, key);
      if ((await lstat(path).catch(ignoreMissing)) === undefined) throw new Problem('not-found', { detail: 'There is no such object.' });
      return path;
    },
    remove: async ({ tenant, key }) => removeFolder(paths.object(tenant, key))
  };
}

async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) throw new Problem('not-found', { detail: 'There is no such file.' });
    throw error;
  });
}

async function publish(staged: string, target: string): Promise<readonly StoredFile[]> {
  const published = await walk(target);
  if (published !== undefined) return finish(target, published);
  const walked = await walk(staged);
  // Between the two looks another caller may have moved it.
  if (walked === undefined) return finish(target, await walk(target));
  await seal(staged, walked).catch(error => {
    if (!isCode(error, 'ENOENT')) throw error;
  });
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  try {
    await rename(staged, target);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'ENOTEMPTY') && !isCode(error, 'EEXIST')) throw error;
  }
  await syncFolder(dirname(target));
  return finish(target, await walk(target));
}

/** The folder itself loses its write bit last: without it, it could not have been moved. */
async function finish(target: string, walked: Walk | undefined): Promise<readonly StoredFile[]> {
  if (walked === undefined) throw new Problem('not-found', { detail: 'There is nothing to publish.', hint: 'The staged files may have been dropped; produce them again.' });
  await chmod(target, 0o555);
  return filesOf(walked) ?? [];
}

function filesOf(walked: Walk | undefined): readonly StoredFile[] | undefined {
  return walked?.files.map(({ name, sizeBytes }) => ({ name, sizeBytes }));
}

async function digest(path: string, signal: AbortSignal): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreMissing);
  if (file === undefined) throw new Problem('not-found', { detail: 'There is no such object.' });
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream()) {
    signal.throwIfAborted();
    hash.update(unsafeBytes(chunk));
  }
  return hash.digest('hex');
}

/** A stream without an encoding gives bytes. */
function unsafeBytes(chunk: unknown): Uint8Array {
  return chunk as Uint8Array;
}
