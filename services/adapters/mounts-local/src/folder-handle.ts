import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';

/** An open folder; what is reached through it cannot be exchanged under our hands, even by the owner of the home. */
export interface FolderHandle {
  /** Path of a direct child: through the open folder where the system allows it. */
  child(name: string): string;
  /** Path of the folder itself, for reading its entries. */
  readonly self: string;
  close(): Promise<void>;
}

/** Opens a folder that is no link. @throws invalid-input when it is one, or no folder; not-found when there is none */
export async function openFolder(path: string, shownName: string): Promise<FolderHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw problemOf(error, shownName);
  });
  const self = platform() === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
  return { self, child: name => join(self, name), close: () => handle.close() };
}

/** Opens a regular file for reading, never through a link and never waiting for a pipe. @throws invalid-input, not-found */
export async function openRegularFile(path: string, shownName: string): Promise<{ readonly file: FileHandle; readonly sizeBytes: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    throw problemOf(error, shownName);
  });
  const facts = await file.stat();
  if (facts.isFile()) return { file, sizeBytes: facts.size };
  await file.close();
  throw notPlain(shownName);
}

export function notPlain(shownName: string): Problem {
  return new Problem('invalid-input', {
    detail: `‘${shownName}’ is a link or a special file; only plain files and folders of the workspace can be registered.`,
    hint: 'Put the files themselves into the folder.'
  });
}

function problemOf(error: unknown, shownName: string): unknown {
  const code = codeOf(error);
  if (code === 'ENOENT') return new Problem('not-found', { detail: `There is no ‘${shownName}’ in your workspace.`, hint: 'Give the path relative to your home folder.' });
  if (code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENXIO') return notPlain(shownName);
  if (code === 'EACCES') return new Problem('invalid-input', { detail: `‘${shownName}’ cannot be read.`, hint: 'Check the permissions of the file.' });
  return error;
}

export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
