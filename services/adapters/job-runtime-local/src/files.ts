import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

export function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Writes a file all at once; private unless said otherwise. */
export async function writeWhole(path: string, text: string, mode = 0o600): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(part, text, { mode, flush: true });
  await rename(part, path);
}

/** The JSON object of a file that only we write; `undefined` when there is none. */
export async function readWritten<T>(path: string): Promise<T | undefined> {
  try {
    return unsafeWritten<T>(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function unsafeWritten<T>(value: unknown): T {
  return value as T;
}
