import { constants } from 'node:fs';
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { ObjectStore } from '@stratalab/kernel';
import { partsOf, type Paths } from './paths.ts';
import { createPathQueue } from './path-queue.ts';
import { ignoreMissing, isCode } from './walk.ts';

type Append = Parameters<ObjectStore['append']>[0];

/** Appends to staged files; two writers of one file take turns, and the second finds its offset taken. */
export function createAppend(paths: Paths): ObjectStore['append'] {
  const inTurn = createPathQueue();
  return async request => {
    const path = join(paths.staging(request.tenant, request.stagingId), ...partsOf(request.name));
    return inTurn(path, () => appendNow(path, request));
  };
}

async function appendNow(path: string, request: Append): Promise<{ sizeBytes: number }> {
  request.signal.throwIfAborted();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await openStaged(path);
  try {
    const { size } = await file.stat();
    if (size !== request.offset) {
      throw new Problem('conflict', { detail: `${size} bytes were received so far; this part starts at ${request.offset}.`, hint: 'Go on from what was received.' });
    }
    return { sizeBytes: await pour(file, request) };
  } catch (error) {
    if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT')) throw new Problem('storage-full', { hint: 'Free some space, then go on.', retryAfterSeconds: 30, cause: error });
    throw error;
  } finally {
    await file.close();
  }
}

async function pour(file: FileHandle, request: Append): Promise<number> {
  let position = request.offset;
  for await (const chunk of request.body) {
    request.signal.throwIfAborted();
    if (position + chunk.length - request.offset > request.limitBytes) {
      throw new Problem('payload-too-large', {
        detail: `At most ${request.limitBytes} bytes may come here.`,
        hint: 'Send the rest as further parts, or check the size that was announced.'
      });
    }
    for (let written = 0; written < chunk.length;) {
      const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position);
      written += bytesWritten;
      position += bytesWritten;
    }
  }
  await file.datasync();
  return position;
}

function openStaged(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
}

/** Reads a slice of a regular file; empty at its end. @throws not-found */
export async function readSlice(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreMissing);
  if (file === undefined) throw new Problem('not-found', { detail: 'There is no such file.' });
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Newest change of a folder or of a file directly in it. */
export async function lastChange(folder: string, names: readonly string[]): Promise<Date | undefined> {
  const own = await lstat(folder).catch(ignoreMissing);
  if (own === undefined) return undefined;
  let newest = own.mtime;
  for (const name of names) {
    const facts = await lstat(join(folder, ...name.split('/'))).catch(ignoreMissing);
    if (facts !== undefined && facts.mtime > newest) newest = facts.mtime;
  }
  return newest;
}
